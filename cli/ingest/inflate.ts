import { createGunzip, createZstdDecompress } from 'node:zlib';
import { zstdFrames } from './zstd-frames.ts';

const PIECE_BYTES = 64 * 1024;

/**
 * Unpacks gzip, one member or several. Everything that can be read is given before it throws: that the input ends early,
 * or is damaged.
 */
export const gunzip = (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> =>
  inflated(source, createGunzip());

/** Unpacks zstd, one frame or several, in the same way. */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = zstdFrames(source);
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const { value: first } = next;
    const frame = (async function* () {
      yield first;
      for await (const piece of untilEmpty(pieces)) yield piece;
    })();
    yield* inflated(frame, createZstdDecompress());
  }
}

async function* untilEmpty(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = await pieces.next(); !next.done && next.value.length > 0; next = await pieces.next()) {
    yield next.value;
  }
}

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/** A destroyed stream drops what was not read yet, so this reads all there is before it writes more. */
async function* inflated(source: AsyncIterable<Uint8Array>, decoder: Decoder): AsyncGenerator<Uint8Array> {
  let failure: Error | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const moved = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  decoder.on('readable', () => wake());
  decoder.on('end', () => {
    ended = true;
    wake();
  });
  decoder.on('error', (error) => {
    failure = error;
    wake();
  });

  async function* readUntil(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    while (true) {
      const piece = decoder.read() as Uint8Array | null;
      if (piece !== null) yield piece;
      else if (failure !== undefined) throw failure;
      else if (isDone()) return;
      else await moved();
    }
  }

  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        let taken = false;
        decoder.write(chunk.subarray(at, at + PIECE_BYTES), () => {
          taken = true;
          wake();
        });
        yield* readUntil(() => taken);
      }
    }
    decoder.end();
    yield* readUntil(() => ended);
  } finally {
    decoder.destroy();
  }
}
