import { PassThrough, Readable, Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import type { Dependencies } from '../../cli/context.ts';
import type { Io, Output } from '../../cli/io.ts';
import type { OpenedLedger, OpenLedger, Purpose, Target } from '../../cli/opened-ledger.ts';
import { run } from '../../cli/run.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import type { IngestCounts } from '../../core/ports/event-sink.ts';
import type { RebuildReport } from '../../core/rebuild-report.ts';
import { RequestRefusedError } from '../../core/recovery/start-request.ts';
import type { ShownRun, ShownRunDetail } from '../../core/run/shown-run.ts';
import type { StepState } from '../../core/run/step-view.ts';
import { runStateColumns, stepStateColumns } from '../../core/schema/columns.ts';
import type { FolderLedger, Inspection, LedgerSummary } from '../../ledger/api.ts';

export const NOW = '2025-11-03T12:00:00.000Z';

const unknownOf = (columns: object): object => Object.fromEntries(Object.keys(columns).map((name) => [name, null]));

/** A run that ended well after ten minutes, unless said otherwise. */
export const aRun = (overrides: Partial<ShownRun> = {}): ShownRun => ({
  ...(unknownOf(runStateColumns) as ShownRun),
  environment: 'prod',
  process_name: 'daily_orders',
  run_id: 'run-1',
  run_date: '2025-11-03',
  status: 'SUCCESS',
  run_attempt: 1,
  start_time: '2025-11-03T11:00:00.000Z',
  end_time: '2025-11-03T11:10:00.000Z',
  duration_ms: 600_000,
  last_event_at: '2025-11-03T11:10:00.000Z',
  lease_ms: 180_000,
  ...overrides,
});

export const anOpenRun = (overrides: Partial<ShownRun> = {}): ShownRun =>
  aRun({ status: 'RUNNING', end_time: null, duration_ms: null, ...overrides });

export const aStep = (overrides: Partial<StepState> = {}): StepState => ({
  ...(unknownOf(stepStateColumns) as StepState),
  step_name: 'extract',
  status: 'SUCCESS',
  start_time: '2025-11-03T11:00:00.000Z',
  end_time: '2025-11-03T11:10:00.000Z',
  duration_ms: 600_000,
  ...overrides,
});

export const anAnswer = (columns: readonly string[], ...rows: readonly (readonly unknown[])[]): Answer => ({
  columns: columns.map((name) => ({
    name,
    type: typeof rows[0]?.[columns.indexOf(name)] === 'number' ? 'bigint' : 'varchar',
  })),
  rows,
  truncated: false,
  elapsed_ms: 3,
});

export const aReport = (overrides: Partial<RebuildReport> = {}): RebuildReport => ({
  objects: 2,
  lines: 1_200,
  identical: true,
  swapped: false,
  tables: [{ table: 'pipeline_logs', rows: 1_200, rebuilt_rows: 1_200, checksum: 'a', rebuilt_checksum: 'a' }],
  parked: [],
  ...overrides,
});

export const aSummary = (overrides: Partial<LedgerSummary> = {}): LedgerSummary => ({
  version: '0.1.0',
  data_dir: '/data',
  runs: 3,
  lost_runs: 0,
  open_runs: 1,
  objects: { recorded: 0, tracked: 0, compacted: 0, summarized: 0, parked: 0, forgotten: 0 },
  lines: { lines: 0, inserted: 0, duplicates: 0, unreadable: 0, unaccepted: 0 },
  due_days: 0,
  parked: [],
  troubles: [],
  ...overrides,
});

export const anInspection = (overrides: Partial<Inspection> = {}): Inspection => ({
  raw: { objects: 0, missing: [], changed: [], unrecorded: [] },
  lands: true,
  ...overrides,
});

export interface FakeLedger extends FolderLedger, Omit<OpenedLedger, keyof FolderLedger> {
  /** Every call by name with its argument, in order. */
  readonly calls: readonly (readonly [string, unknown?])[];
  /** The text of everything sent. */
  sent(): string;
}

const noAlerts: FolderLedger['alerts'] = {
  incidents: async () => [],
  decide: async () => undefined,
  silences: async () => [],
  silence: async () => undefined,
  endSilence: async () => false,
  expected: async () => [],
  pipelines: async () => undefined,
  applyPipelines: async () => ({ problems: [], warnings: [], watched: [] }),
  restoreIncidents: async () => ({ incidents: 2, receipts: 1 }),
  testRoute: async (route) => ({ channel: route, delivered: true, message_id: 'm-1' }),
};

const nothingStarts = (): never => {
  throw new RequestRefusedError('expected a ledger that starts runs, but got a fake');
};
const noRecovery: FolderLedger['recovery'] = {
  list: async () => [],
  planReplay: async () => nothingStarts(),
  replay: async () => nothingStarts(),
  start: async () => nothingStarts(),
  watermark: async () => ({}),
  setWatermark: async () => ({}),
  watermarkHistory: async () => [],
  restore: async () => 0,
};

/** A ledger that accepts every line, knows nothing, and records what it is asked. */
export function aLedger({ alerts, recovery, ...overrides }: Partial<FolderLedger> = {}): FakeLedger {
  const calls: [string, unknown?][] = [];
  const records: Uint8Array[] = [];
  const answers: Omit<FolderLedger, 'alerts' | 'recovery'> = {
    send: async (batch) => landedOf(batch),
    runs: async () => [],
    show: async (): Promise<readonly ShownRunDetail[]> => [],
    query: async () => anAnswer([]),
    summary: async () => aSummary(),
    dismiss: async () => undefined,
    parkedObjects: async () => [],
    retryObjects: async (objects) => ({ retried: objects, parked: [] }),
    forgetObjects: async ({ objects }) => objects,
    rebuild: async () => aReport(),
    settle: async () => undefined,
    inspect: async () => anInspection(),
    close: async () => undefined,
    ...overrides,
  };
  const recorded = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (given: unknown) => {
        const result = await answer(given as never);
        calls.push(given === undefined ? [name] : [name, name === 'send' ? (given as unknown[]).length : given]);
        if (name === 'send') records.push(...(given as Uint8Array[]).map((each) => Uint8Array.from(each)));
        return result;
      },
    ]),
  ) as unknown as Omit<FolderLedger, 'alerts' | 'recovery'>;
  return {
    ...recorded,
    alerts: alerts ?? noAlerts,
    recovery: recovery ?? noRecovery,
    where: 'the fake',
    calls,
    sent: () => Buffer.concat(records).toString(),
  };
}

/** Counts lines as accept does: blank ones are none. */
export function landedOf(batch: readonly Uint8Array[]): IngestCounts {
  const lines = batch.flatMap((each) => Buffer.from(each).toString().split('\n')).filter((line) => line.trim() !== '');
  return { received: lines.length, accepted: lines.length, rejected: 0 };
}

export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  /** How long each pause was asked for; none is taken. */
  readonly pauses: readonly number[];
  readonly exits: readonly number[];
  /** Asks the process to stop, as Ctrl-C does. */
  readonly stop: () => void;
}

export function anIo(
  overrides: Partial<Pick<Io, 'env' | 'cwd' | 'stdin' | 'pause'>> & { readonly columns?: number } = {},
): FakeIo {
  const out = collector(overrides.columns);
  const err = collector();
  const pauses: number[] = [];
  const exits: number[] = [];
  const stops = new Set<() => void>();
  return {
    stdin: overrides.stdin ?? Readable.from([]),
    stdout: out.stream,
    stderr: err.stream,
    env: overrides.env ?? {},
    cwd: overrides.cwd ?? '/nowhere',
    clock: { now: () => NOW },
    program: 'runledger',
    pause: async (pauseMs, signal) => {
      pauses.push(pauseMs);
      await overrides.pause?.(pauseMs, signal);
    },
    onStop: (act) => {
      stops.add(act);
      return () => stops.delete(act);
    },
    exit: (code) => exits.push(code),
    out: out.text,
    err: err.text,
    pauses,
    exits,
    stop: () => {
      for (const act of stops) act();
    },
  };
}

/** A stream and what was written to it; with columns, one that is a terminal. */
function collector(columns?: number): { stream: Output; text: () => string } {
  let text = '';
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  return {
    stream: Object.assign(
      stream,
      columns === undefined ? {} : { isTTY: true, columns, getColorDepth: WriteStream.prototype.getColorDepth },
    ),
    text: () => text,
  };
}

/** Runs a command line against a ledger; says how it was opened and how it ended. */
export async function runOn(
  ledger: FakeLedger,
  args: readonly string[],
  io: FakeIo = anIo(),
  dependencies: Partial<Dependencies> = {},
): Promise<{ code: number; out: string; err: string; opened: readonly { target: Target; purpose: Purpose }[] }> {
  const opened: { target: Target; purpose: Purpose }[] = [];
  const open: OpenLedger = async ({ data, url, token }, purpose) => {
    opened.push({ target: { data, url, token }, purpose });
    return ledger;
  };
  const code = await run(args, io, {
    open,
    examine: async () => [],
    tokensOf: () => Promise.reject(new Error('no tokens are expected')),
    sealsOf: () => Promise.reject(new Error('nothing sealed is expected')),
    startServer: () => Promise.reject(new Error('no server is expected')),
    openPage: () => Promise.reject(new Error('no page is expected')),
    openBrowser: () => {
      throw new Error('no browser is expected');
    },
    runProcess: () => Promise.reject(new Error('no process is expected')),
    holidays: async () => ({ datesOf: (country) => (country === 'SE' ? ['2025-12-25'] : undefined) }),
    replay: async () => ({ events: 0, notices: [] }),
    ...dependencies,
  });
  return { code, out: io.out(), err: io.err(), opened };
}

/** A stream that gives these pieces one by one. */
export const piecesOf = (...pieces: readonly (string | Uint8Array)[]): Readable =>
  Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(new PassThrough());
