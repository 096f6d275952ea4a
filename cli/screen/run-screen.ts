import { countShown, durationShown, instantShown } from '../../core/format.ts';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { ShownRun, ShownRunDetail } from '../../core/run/shown-run.ts';
import type { StepState } from '../../core/run/step-view.ts';
import { meaningOf } from '../../core/schema/error-code.ts';
import { quoted } from '../../core/shell.ts';
import type { RunDetails, Try } from '../run-details.ts';
import { bytesShown, plain } from './format.ts';
import {
  checkLines,
  datasetLines,
  decisionLines,
  metricLines,
  relativeLines,
  traceLines,
} from './run-details-screen.ts';
import { tookShown } from './run-table.ts';
import { type Screen, styleOf } from './screen.ts';
import { stepNameShown } from './step-name.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';
import { timelineOf } from './timeline.ts';
import { wrap } from './wrap.ts';

const LABEL_WIDTH = 13;
const BAR_WIDTH = 32;
/** On a terminal the bars take what the rest leaves, within reason. */
const REST_WIDTH = 66;
const LEAST_BAR_WIDTH = 10;

/** What a screen of a run shows beside the run and its steps. */
export interface RunScreenOptions {
  /** What a person types to run this program again. */
  readonly program: string;
  /** What else is known of it; undefined when it was not asked for. */
  readonly details?: RunDetails | undefined;
}

/** Everything about one run that fits on a screen. */
export function runScreen(
  { run, steps }: ShownRunDetail,
  now: Instant,
  screen: Screen,
  { program, details }: RunScreenOptions,
): readonly string[] {
  const status = screen.paint(styleOf(run.status), run.status);
  const head = `${status}  ${screen.paint('bold', plain(run.process_name ?? ''))}  ${plain(run.run_id ?? '')}`;
  return [
    head,
    '',
    ...[...factsOf(run, now), ...toldOf(details)].flatMap(([label, text]) => fact(label, text, screen)),
    ...section(steps.length > 0 ? stepLines(run, withTries(steps, details), now, screen) : []),
    ...section(run.error_code !== null || run.error_message !== null ? errorLines(run, details, screen) : []),
    ...section(details ? tryErrors(steps, details, screen) : []),
    ...section(details ? checkLines(details.quality, screen) : []),
    ...section(details ? datasetLines(details, screen) : []),
    ...section(details ? metricLines(details, screen) : []),
    ...section(details ? relativeLines(details.relatives, now, screen) : []),
    ...section(details ? decisionLines(details.decisions, screen) : []),
    '',
    ...fact('next', nextCommand(run, program), { ...screen, width: undefined }),
  ];
}

function factsOf(run: ShownRun, now: Instant): readonly (readonly [string, string])[] {
  const facts: readonly (readonly [string, string | null])[] = [
    ['environment', run.environment],
    ['started', run.start_time === null ? 'not told' : `${instantShown(run.start_time)} UTC`],
    ['took', `${tookShown(run, now)}${slaShown(run, now)}`],
    ['records', amounts(countShown, run.records_in, run.records_out)],
    ['size', amounts(bytesShown, run.data_size_bytes_in, run.data_size_bytes_out)],
    ['conflict', run.status_conflict],
    ['last event', silenceShown(run, now)],
    ['run attempt', run.run_attempt === null || run.run_attempt < 2 ? null : String(run.run_attempt)],
    ['scheduled for', run.scheduled_for && `${instantShown(run.scheduled_for)} UTC`],
    ['owner', run.owner],
    ['user', run.user],
    ['parent run', run.parent_run_id],
    ['job', run.job_id],
    ['cluster', [run.cluster_id, run.cluster_size].filter((each) => each !== null).join(', ') || null],
    ['code', [run.notebook_path, run.notebook_git_sha].filter((each) => each !== null).join(' @ ') || null],
  ];
  return facts.flatMap(([label, text]) => (text === null ? [] : [[label, text] as const]));
}

/** What its events told of it, and its columns do not. */
function toldOf(details: RunDetails | undefined): readonly (readonly [string, string])[] {
  if (details === undefined) return [];
  const { params, tags, reporters, end_message } = details;
  const facts: readonly (readonly [string, string])[] = [
    ['params', pairs(params)],
    ['tags', pairs(tags)],
    ['reported by', reporters.join(', ')],
    ['message', end_message ?? ''],
  ];
  return facts.filter(([, text]) => text !== '');
}

const pairs = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** A step, or an earlier try of one. */
type ShownStep = Pick<
  StepState,
  'step_name' | 'map_index' | 'start_time' | 'end_time' | 'duration_ms' | 'records_in' | 'records_out' | 'attempt'
> & { readonly status: string | null };

/** Each step after its earlier tries. */
const withTries = (steps: readonly StepState[], details: RunDetails | undefined): readonly ShownStep[] =>
  steps.flatMap((step) => [...(details ? earlierTries(step, details) : []), step]);

const earlierTries = (step: StepState, { tries }: RunDetails): readonly Try[] =>
  tries.filter(
    (each) =>
      each.step_name === step.step_name &&
      each.map_index === step.map_index &&
      (each.step_index === step.step_index || each.step_index === null || step.step_index === null) &&
      each.run_attempt === step.run_attempt &&
      (each.attempt ?? 1) < (step.attempt ?? 1),
  );

/** Why the earlier tries failed. */
const tryErrors = (steps: readonly StepState[], details: RunDetails, screen: Screen): readonly string[] =>
  steps
    .flatMap((step) => earlierTries(step, details))
    .filter((each) => each.error_code !== null || each.error_message !== null)
    .flatMap(({ step_name, map_index, attempt, error_code, error_message }) => {
      const said = [error_code, error_message].filter((each) => each !== null).join(' ');
      return fact(`try ${attempt ?? 1}`, `of step ${stepNameShown({ step_name, map_index })}: ${said}`, screen);
    });

/** The label, then the text, wrapped beside it on a terminal. */
export function fact(label: string, text: string, screen: Screen): readonly string[] {
  const lines = wrap(plain(text), screen.width === undefined ? undefined : screen.width - LABEL_WIDTH - 4);
  return lines.map((line, index) => {
    const name = index === 0 ? label : '';
    return `  ${screen.paint('dim', name.padEnd(LABEL_WIDTH))}  ${line}`;
  });
}

const amounts = (show: (value: number | null) => string, into: number | null, out: number | null): string | null =>
  into === null && out === null ? null : `${show(into)} in, ${show(out)} out`;

function slaShown(run: ShownRun, now: Instant): string {
  const slaMs = run.expected_max_duration_ms;
  if (slaMs === null || run.start_time === null) return '';
  const tookMs = run.duration_ms ?? (run.end_time === null ? epochMsOf(now) - epochMsOf(run.start_time) : null);
  if (tookMs === null) return '';
  return tookMs > slaMs
    ? `, ${durationShown(tookMs - slaMs)} over its SLA of ${durationShown(slaMs)}`
    : ` of at most ${durationShown(slaMs)}`;
}

function silenceShown(run: ShownRun, now: Instant): string | null {
  const isSilent = run.status === 'SUSPECT' || run.status === 'LOST';
  if (!isSilent || run.last_event_at === null) return null;
  const silence = durationShown(epochMsOf(now) - epochMsOf(run.last_event_at));
  return `${instantShown(run.last_event_at)} UTC, ${silence} ago; expected one within ${durationShown(run.lease_ms)}`;
}

function stepLines(run: ShownRun, steps: readonly ShownStep[], now: Instant, screen: Screen): readonly string[] {
  const barWidth =
    screen.width === undefined
      ? BAR_WIDTH
      : Math.min(BAR_WIDTH * 2, Math.max(LEAST_BAR_WIDTH, screen.width - REST_WIDTH));
  const bars = timelineOf(wholeOf(run, steps, now), steps.map(spanOf(run)), barWidth);
  const columns: readonly TableColumn[] = [
    { head: '  step' },
    { head: '', keep: true },
    { head: 'status', keep: true },
    { head: 'took', align: 'right', keep: true },
    { head: 'in', align: 'right', keep: true },
    { head: 'out', align: 'right', keep: true },
  ];
  const rows = steps.map((step, index): readonly Cell[] => {
    const style = styleOf(step.status ?? '');
    const name = stepNameShown(step);
    const isRepeated = steps.some(
      (other) => other !== step && stepNameShown(other) === name && other.attempt !== step.attempt,
    );
    const tries = step.attempt !== null && (step.attempt > 1 || isRepeated) ? ` (try ${step.attempt})` : '';
    return [
      `  ${name}${tries}`,
      { text: bars[index] ?? '', style },
      { text: step.status ?? '', style },
      tookShown({ ...step, status: (step.status ?? 'RUNNING') as ShownRun['status'] }, now),
      countShown(step.records_in),
      countShown(step.records_out),
    ];
  });
  return tableOf(columns, rows, screen) ?? tableOf(columns, rows, { ...screen, width: undefined }) ?? [];
}

/** From the first start to the last end; what still runs goes on until now. */
function wholeOf(run: ShownRun, steps: readonly ShownStep[], now: Instant): { startMs: number; endMs: number } {
  const all = [run, ...steps];
  const starts = all.flatMap(({ start_time }) => (start_time === null ? [] : [epochMsOf(start_time)]));
  const ends = all.flatMap(({ end_time }) => (end_time === null ? [] : [epochMsOf(end_time)]));
  const startMs = Math.min(...starts);
  const lastSeen = run.end_time === null ? [isOver(run) ? run.last_event_at : now] : [];
  return { startMs, endMs: Math.max(startMs, ...ends, ...lastSeen.flatMap((each) => (each ? [epochMsOf(each)] : []))) };
}

const isOver = ({ status }: ShownRun): boolean => status === 'LOST' || status === 'FAILED';

const spanOf =
  (run: ShownRun) =>
  ({ start_time, end_time }: ShownStep) => ({
    startMs: epochMsOf(start_time ?? run.start_time ?? ''),
    endMs: end_time === null ? null : epochMsOf(end_time),
  });

function errorLines(run: ShownRun, details: RunDetails | undefined, screen: Screen): readonly string[] {
  const meaning = run.error_code === null ? undefined : meaningOf(run.error_code);
  const helps = run.error_retryable ?? meaning?.retryable ?? null;
  const retry = helps === null ? '' : helps ? ', trying again may help' : ', trying again will not help';
  const kind = meaning === undefined ? '' : ` (${meaning.class.replace('_', ' ')}${retry})`;
  const head = [run.error_code, meaning?.name].filter((each) => each).join(' ') + kind;
  const where = run.error_step === null ? '' : `in step ${run.error_step}: `;
  return [
    ...(head === '' ? [] : fact('error', head, screen)),
    ...(run.error_message === null ? [] : fact(head === '' ? 'error' : '', `${where}${run.error_message}`, screen)),
    ...(details?.root_cause == null ? [] : fact('root cause', details.root_cause, screen)),
    ...(meaning === undefined ? [] : fact('advice', meaning.advice, screen)),
    ...(details?.stack_trace == null ? [] : ['', ...traceLines(details.stack_trace)]),
  ];
}

/** Ids that a person can type. */
const TAME = /^[\x21-\x7e]{1,200}$/;
const UNIQUE = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Its events one by one; an id that others may have too is not enough. */
function nextCommand({ run_id, process_name }: ShownRun, program: string): string {
  if (!TAME.test(run_id ?? '')) return `${program} runs`;
  const isEnough = UNIQUE.test(run_id ?? '') || !TAME.test(process_name ?? '');
  const pipeline = isEnough ? '' : ` --pipeline ${quoted(process_name ?? '')}`;
  return `${program} events ${quoted(run_id ?? '')}${pipeline}`;
}
