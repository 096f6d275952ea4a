import { durationShown } from '../../core/format.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { Context } from '../context.ts';

const PAUSE_MS = 1000;
/** What takes less is not worth a word. */
const PAUSES_BEFORE_WORD = 2;

/**
 * Does the work; while it takes longer than two seconds, a line on the terminal says so and for how long. The line is
 * gone when the work is done, and there is none where nobody looks.
 */
export async function whileWaiting<T>({ io }: Pick<Context, 'io'>, what: string, work: () => Promise<T>): Promise<T> {
  const { stderr, clock } = io;
  if (stderr.isTTY !== true) return work();
  const done = new AbortController();
  const startedMs = epochMsOf(clock.now());
  let hasSaid = false;
  const saying = (async () => {
    for (let pauses = 1; ; pauses++) {
      await io.pause(PAUSE_MS, done.signal);
      if (done.signal.aborted) break;
      const took = durationShown(1000 * Math.round((epochMsOf(clock.now()) - startedMs) / 1000));
      if (pauses < PAUSES_BEFORE_WORD) continue;
      hasSaid = true;
      stderr.write(`${CLEAR}${what} … ${took}, Ctrl-C stops`);
    }
    if (hasSaid) stderr.write(CLEAR);
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await saying;
  }
}

/** The line, from its beginning, is empty. */
const CLEAR = '\r\u001b[2K';
