import type { ShownRun, Step } from '../../http/ledger.ts';
import { isOpen } from '../../parts/run-facts.ts';

/** A part of time. Milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

type Timed = Pick<Step, 'start_time' | 'end_time' | 'duration_ms'>;

/** From the first start to the last end; what still runs goes on until now, what was lost until it was last heard of. */
export function spanOf(
  run: Pick<ShownRun, 'start_time' | 'end_time' | 'first_event_at' | 'last_event_at' | 'status'>,
  steps: readonly Timed[],
  now: number,
): Span {
  const times = (names: readonly (string | null)[]): number[] =>
    names.flatMap((name) => (name === null ? [] : [Date.parse(name)]));
  const starts = times([run.start_time, ...steps.map(({ start_time }) => start_time)]);
  const ends = times([run.end_time, ...steps.map(({ end_time }) => end_time)]);
  const fromMs = least(starts) ?? Date.parse(run.first_event_at ?? '') ?? now;
  const last = run.end_time !== null ? [] : isOpen(run.status) ? [now] : times([run.last_event_at]);
  const untilMs = greatest([...ends, ...last]) ?? fromMs;
  return { fromMs, untilMs: Math.max(untilMs, fromMs + 1) };
}

/** Where the bar of a step stands, in per cent of the whole; null where its start is not known. */
export function placesOf(
  step: Timed,
  run: Pick<ShownRun, 'last_event_at' | 'status'>,
  whole: Span,
  now: number,
): { readonly left: number; readonly width: number } | null {
  const endMs =
    step.end_time === null
      ? isOpen(run.status)
        ? now
        : Date.parse(run.last_event_at ?? '')
      : Date.parse(step.end_time);
  const startMs =
    step.start_time !== null
      ? Date.parse(step.start_time)
      : step.end_time !== null && step.duration_ms !== null
        ? endMs - step.duration_ms
        : Number.NaN;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) return null;
  const length = whole.untilMs - whole.fromMs;
  const left = Math.min(100, Math.max(0, (100 * (startMs - whole.fromMs)) / length));
  const right = Math.min(100, Math.max(left, (100 * (endMs - whole.fromMs)) / length));
  return { left, width: right - left };
}

/** A spread of thousands of numbers would not fit on the stack of every engine. */
const least = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((a, b) => (b < a ? b : a));
const greatest = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((a, b) => (b > a ? b : a));
