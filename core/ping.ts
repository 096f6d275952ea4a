import type { Instant } from './instant.ts';

/** What a ping says of a run: that it began, how it ended (an exit code: 0 is a success), or that it is alive. */
export type PingState = 'start' | 'success' | 'fail' | 'log' | number;

/** One ping: a sign that anything which can fetch an address gives of a pipeline. */
export interface Ping {
  readonly pipeline: string;
  readonly state: PingState;
  /** As the caller named the run; undefined when it did not. */
  readonly run_id?: string | undefined;
  readonly environment?: string | undefined;
  /** Whose the run is, where its caller may send of one owner only. */
  readonly owner?: string | undefined;
  /** The slot that the run is for. */
  readonly scheduled_for?: string | undefined;
  /** What the command wrote last. */
  readonly output: string;
}

/** Of the output the end is kept: that is where the error stands. A live run keeps less of an error than the tables do. */
const MAX_OUTPUT_LENGTH = 10_000;
const MAX_ERROR_LENGTH = 160;
const MAX_EXIT_CODE = 255;

/** The state that the last part of an address names; undefined when it names none. None at all is a success. */
export function pingStateOf(text: string | undefined): PingState | undefined {
  if (text === undefined || text === '') return 'success';
  if (text === 'start' || text === 'success' || text === 'fail' || text === 'log') return text;
  const code = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return code !== undefined && code <= MAX_EXIT_CODE ? code : undefined;
}

/** Whether it ends a run. */
export const endsRun = (state: PingState): boolean => state !== 'start' && state !== 'log';

/** The ping as an event, as a producer sends it. */
export function pingEvent(
  { pipeline, state, environment, owner, scheduled_for, output }: Ping,
  run_id: string,
  now: Instant,
): Readonly<Record<string, unknown>> {
  const last = tailOf(output.trim(), MAX_OUTPUT_LENGTH);
  const isGood = state === 'success' || state === 0;
  return {
    process_name: pipeline,
    run_id,
    event_type: state === 'start' ? 'RUN_START' : state === 'log' ? 'HEARTBEAT' : 'RUN_END',
    event_time: now,
    ...(endsRun(state) ? { status: isGood ? 'SUCCESS' : 'FAILED' } : {}),
    ...(typeof state === 'number' ? { exit_code: state } : {}),
    ...(endsRun(state) && !isGood
      ? { error: { message: last === '' ? whyOf(state) : tailOf(last, MAX_ERROR_LENGTH) } }
      : {}),
    ...(last === '' ? {} : { message: last }),
    ...(environment === undefined ? {} : { environment }),
    ...(owner === undefined ? {} : { owner }),
    ...(scheduled_for === undefined ? {} : { scheduled_for }),
    reporter: 'ping',
  };
}

const whyOf = (state: PingState): string =>
  typeof state === 'number' ? `it ended with exit code ${state}` : 'it said that it failed';

const tailOf = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `…${text.slice(1 - maxLength).toWellFormed()}`;
