import { cutText } from '../cut.ts';
import type { Restarter, Start, Started, Stopped } from '../ports/restarter.ts';
import { type CallFailure, callFailure } from './call-failure.ts';
import type { RestartKind, RestartTarget } from './policy.ts';
import { handleParts, handleText } from './run-handle.ts';

/** What a platform does and says, without what all restarters make of it. */
export interface Platform<Kind extends RestartKind, Part extends string> {
  readonly kind: Kind;
  /** What its runs are found by. */
  readonly parts: readonly Part[];
  /** The target for people, such as `the Glue job orders`. */
  readonly nameOf: (target: NonNullable<RestartTarget[Kind]>) => string;
  /** One call, sent once. Throws what the platform answers; a PlatformRefusedError when a good answer refuses. */
  readonly start: (
    target: NonNullable<RestartTarget[Kind]>,
    start: Start,
  ) => Promise<{ readonly run?: Readonly<Record<Part, string>>; readonly detail: string }>;
  /** Names of refusals that may mean that an earlier call started it. */
  readonly alreadyStarted?: RegExp;
  readonly stopping: Stopping<Part> | { readonly cannot: string };
}

/** A platform's own way to stop a run. */
export interface Stopping<Part extends string> {
  readonly stateOf: (run: Readonly<Record<Part, string>>) => Promise<PlatformState>;
  readonly stop: (run: Readonly<Record<Part, string>>) => Promise<void>;
}

/** `stopped`: by a call, `ended`: by itself; where a platform does not tell them apart, `stopped`. `word`: its own. */
export interface PlatformState {
  readonly state: 'open' | 'stopped' | 'ended' | 'gone';
  readonly word: string;
}

/** How a state that is one of these words is read; every other word is open. */
export const stateIn = (
  word: string | undefined,
  stopped: readonly string[],
  ended: readonly string[],
): PlatformState => ({
  state: word === undefined ? 'gone' : stopped.includes(word) ? 'stopped' : ended.includes(word) ? 'ended' : 'open',
  word: word ?? 'no such run',
});

/** The platform took the call and started nothing. The message says why. */
export class PlatformRefusedError extends Error {
  override readonly name = 'PlatformRefusedError';
}

/** What all platforms are given. */
export interface PlatformSettings {
  /** Aborts after so many milliseconds. */
  readonly timeout: (ms: number) => AbortSignal;
  readonly pause: (ms: number) => Promise<unknown>;
  /** How long a stop may take until its platform confirms it. */
  readonly stopWithinMs: number;
  readonly hash: (text: string) => string;
}

/** One call to a platform takes no longer; of a start that took longer nobody knows. */
export const CALL_MS = 10_000;
const POLL_MS = 1_500;
const MAX_WHY_LENGTH = 380;

/** A restarter of one platform: it calls once, never rejects, and believes a stop when the platform's state confirms it. */
export function platformRestarter<Kind extends RestartKind, Part extends string>(
  platform: Platform<Kind, Part>,
  { pause, stopWithinMs }: Pick<PlatformSettings, 'pause' | 'stopWithinMs'>,
): Restarter {
  const { kind, parts, nameOf, stopping } = platform;

  async function start(asked: Start): Promise<Started> {
    const target = asked.target[kind];
    if (target === undefined) return { state: 'not_started', why: `expected a target ${kind}, but got another one` };
    const name = nameOf(target as NonNullable<RestartTarget[Kind]>);
    try {
      const { run, detail } = await platform.start(target as NonNullable<RestartTarget[Kind]>, asked);
      return { state: 'started', ...(run !== undefined && { handle: handleText(kind, run) }), detail };
    } catch (error) {
      const { got, isRefused, advice } = failureOf(error, platform.alreadyStarted);
      const why = cutText(`expected ${name} to start, got ${got}${advice && `. ${advice}`}`, MAX_WHY_LENGTH);
      return { state: isRefused ? 'not_started' : 'unclear', why };
    }
  }

  async function stop(handle: string): Promise<Stopped> {
    if ('cannot' in stopping) return { state: 'not_stopped', why: stopping.cannot };
    const run = handleParts(kind, handle, parts);
    if (run === undefined)
      return { state: 'not_stopped', why: `expected the handle of a run of ${kind}, but got ${handle.slice(0, 80)}` };
    let isAsked = false;
    let isTaken = false;
    let last = 'nothing';
    for (let leftMs = stopWithinMs; ; leftMs -= POLL_MS) {
      try {
        const { state, word } = await stateOf(stopping, run);
        last = word;
        if (state === 'stopped' && isAsked) return { state: 'stopped', how: `${kind} says ${word}` };
        if (state !== 'open') return { state: 'gone' };
        isAsked = true;
        // A call without an answer is made again: to stop twice is to stop once.
        if (!isTaken) await stopping.stop(run);
        isTaken = true;
      } catch (error) {
        const { got, isPassing, advice } = failureOf(error);
        last = got;
        // It may have taken all the time that a call has.
        leftMs -= CALL_MS;
        const why = cutText(`expected ${kind} to stop the run, got ${got}${advice && `. ${advice}`}`, MAX_WHY_LENGTH);
        if (!isPassing) return { state: 'not_stopped', why };
      }
      if (leftMs <= 0) {
        const asked = isTaken ? '; it was asked to end' : '';
        const why = `expected the run to end within ${stopWithinMs / 1000} s, got ${last}${asked}. Look at it there`;
        return { state: 'not_stopped', why: cutText(why, MAX_WHY_LENGTH) };
      }
      await pause(POLL_MS);
    }
  }

  return { start, stop };
}

async function stateOf<Part extends string>(
  stopping: Stopping<Part>,
  run: Readonly<Record<Part, string>>,
): Promise<PlatformState> {
  try {
    return await stopping.stateOf(run);
  } catch (error) {
    if (callFailure(error).isGone) return { state: 'gone', word: 'no such run' };
    throw error;
  }
}

const failureOf = (error: unknown, isUnclear?: RegExp): CallFailure =>
  error instanceof PlatformRefusedError
    ? { got: error.message, isRefused: true, isGone: false, isPassing: false, advice: '' }
    : callFailure(error, isUnclear);
