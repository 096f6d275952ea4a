const MAGIC = 0xfd2fb528;
/** Frames of 0x184d2a50 to 0x184d2a5f hold no text: indexes, and what their writers like. */
const SKIPPABLE = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
const RLE_BLOCK = 1;
const CHECKSUM_BYTES = 4;

/**
 * Cuts zstd text behind each of its frames (RFC 8878 §3.1): `pieces` of one frame, then an empty one. Node's decoder reads
 * one frame and passes over what follows it, but writers that use several cores, and `cat`, make many.
 */
export async function* zstdFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  /** Bytes to pass on unread: the inside of a block, or a skippable frame. */
  let passBytes = 0;
  /** What a header has so far, and what reads it once it is whole. */
  let header: number[] = [];
  let part: Part = FRAME_START;
  let isFrameOver = false;

  for await (const piece of source) {
    let from = 0;
    let at = 0;
    while (at < piece.length) {
      if (passBytes > 0) {
        const passed = Math.min(passBytes, piece.length - at);
        passBytes -= passed;
        at += passed;
      } else {
        header.push(piece[at] ?? 0);
        at += 1;
        if (header.length < part.size(header)) continue;
        const { next, skip, ends } = part.read(header);
        part = next;
        passBytes = skip;
        isFrameOver = ends;
        header = [];
      }
      if (isFrameOver && passBytes === 0) {
        yield piece.subarray(from, at);
        yield new Uint8Array();
        isFrameOver = false;
        from = at;
      }
    }
    if (from < piece.length) yield piece.subarray(from);
  }
}

/** A header that is read at once: its size, known by its first bytes, and what follows it. */
interface Part {
  readonly size: (header: readonly number[]) => number;
  readonly read: (header: readonly number[]) => Following;
}
interface Following {
  readonly next: Part;
  readonly skip: number;
  /** The frame is over behind what is skipped. */
  readonly ends: boolean;
}

const FRAME_START: Part = {
  size: (header) => {
    if (header.length < 5) return isSkippable(header) && header.length >= 4 ? 8 : 5;
    return isSkippable(header) ? 8 : 5 + frameHeaderBytes(header[4] ?? 0);
  },
  read: (header) => {
    if (isSkippable(header)) return { next: FRAME_START, skip: littleEndian(header.slice(4)), ends: true };
    if (littleEndian(header.slice(0, 4)) !== MAGIC) {
      const message = 'no frame begins where the last one ends';
      throw Object.assign(new Error(message), { code: 'ZSTD_error_prefix_unknown' });
    }
    return { next: blocksOf(((header[4] ?? 0) & 4) !== 0), skip: 0, ends: false };
  },
};

/** Behind its descriptor: the window, the dictionary's id and the size of the content, each there or not. */
function frameHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionaryBytes + contentBytes;
}

function blocksOf(hasChecksum: boolean): Part {
  const part: Part = {
    size: () => 3,
    read: (header) => {
      const block = littleEndian(header);
      const isLast = (block & 1) === 1;
      const skip = ((block >> 1) & 3) === RLE_BLOCK ? 1 : block >> 3;
      if (!isLast) return { next: part, skip, ends: false };
      return { next: FRAME_START, skip: skip + (hasChecksum ? CHECKSUM_BYTES : 0), ends: true };
    },
  };
  return part;
}

const littleEndian = (bytes: readonly number[]): number =>
  bytes.reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);

const isSkippable = (header: readonly number[]): boolean =>
  header.length >= 4 && (littleEndian(header.slice(0, 4)) & SKIPPABLE_MASK) >>> 0 === SKIPPABLE;
