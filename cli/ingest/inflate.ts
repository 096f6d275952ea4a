import { createGunzip } from 'node:zlib';

const PIECE_BYTES = 64 * 1024;

/**
 * Gunzips, one member or several. Everything that can be read is given before it throws: that the input ends early, or
 * is damaged. (A destroyed stream drops what was not read yet, so this reads all there is before it writes more.)
 */
export async function* inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  let failure: Error | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const moved = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  gunzip.on('readable', () => wake());
  gunzip.on('end', () => {
    ended = true;
    wake();
  });
  gunzip.on('error', (error) => {
    failure = error;
    wake();
  });

  async function* readUntil(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    while (true) {
      const piece = gunzip.read() as Uint8Array | null;
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
        gunzip.write(chunk.subarray(at, at + PIECE_BYTES), () => {
          taken = true;
          wake();
        });
        yield* readUntil(() => taken);
      }
    }
    gunzip.end();
    yield* readUntil(() => ended);
  } finally {
    gunzip.destroy();
  }
}
