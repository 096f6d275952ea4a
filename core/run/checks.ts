import type { Event } from '../schema/event.ts';
import { cutText } from './cut-text.ts';
import { compareText, greatest, type Stamped } from './stamped.ts';

/** The latest result of one data-quality check of a run: of the highest run attempt that told of it. */
export interface Check {
  readonly run_attempt: number;
  /** Empty text and -1: not told. */
  readonly result: Stamped<
    readonly [
      success: string,
      severity: string,
      expected: string,
      actual: string,
      records_checked: number,
      records_failed: number,
    ]
  >;
}

/** By dataset and name of the check. */
export type Checks = Readonly<Record<string, Check>>;

/** What a live run keeps: those with the smallest keys, so that what is kept depends on the set alone. */
export const MAX_LIVE_CHECKS = 16;
const MAX_NAME_BYTES = 128;
const MAX_VALUE_BYTES = 48;
const MAX_SEVERITY_BYTES = 16;
/** The id stands in every result, and only decides between two of one moment. */
const MAX_ID_BYTES = 64;

const name = (text: string | undefined): string => cutText(text ?? '', MAX_NAME_BYTES);
const value = (text: string | undefined): string => cutText(text ?? '', MAX_VALUE_BYTES);

/** The checks that one event tells of. `dataset`: the event's step stands for one that is not named. */
export function checksOf({ quality, step_name, run_attempt, event_time, event_id }: Event): Checks | undefined {
  if (quality === undefined || quality.length === 0) return undefined;
  let checks: Checks = {};
  for (const row of quality) {
    const key = JSON.stringify([name(row.dataset ?? step_name), name(row.check_name)]);
    const check: Check = {
      run_attempt,
      result: [
        event_time,
        cutText(event_id, MAX_ID_BYTES),
        row.success === undefined ? '' : String(row.success),
        cutText(row.severity ?? '', MAX_SEVERITY_BYTES),
        value(row.expected),
        value(row.actual),
        row.records_checked ?? -1,
        row.records_failed ?? -1,
      ],
    };
    checks = { ...checks, [key]: laterCheck(checks[key], check) };
  }
  return smallest(checks);
}

/** Joins what two parts of a run told: associative, commutative and idempotent. */
export function joinedChecks(a: Checks | undefined, b: Checks | undefined): Checks | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const all: Record<string, Check> = { ...a };
  for (const [key, check] of Object.entries(b)) all[key] = laterCheck(all[key], check);
  return smallest(all);
}

function laterCheck(a: Check | undefined, b: Check): Check {
  if (a === undefined || a.run_attempt < b.run_attempt) return b;
  if (a.run_attempt > b.run_attempt) return a;
  return greatest(a.result, b.result) === a.result ? a : b;
}

function smallest(checks: Checks): Checks {
  const keys = Object.keys(checks);
  if (keys.length <= MAX_LIVE_CHECKS) return checks;
  const kept = keys.sort(compareText).slice(0, MAX_LIVE_CHECKS);
  return Object.fromEntries(kept.map((key) => [key, checks[key] as Check]));
}
