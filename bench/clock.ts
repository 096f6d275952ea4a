import { openAlertStore } from '../adapters/sqlite/alert-store.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { type Instant, instantOf } from '../core/instant.ts';
import { expectationsOf } from '../core/pipelines/expectations.ts';
import { readFile } from '../core/pipelines/read-file.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import type { Event } from '../core/schema/event.ts';
import type { EvaluatePipelinePorts } from '../flows/evaluate-pipeline.ts';
import { evaluateDue, evaluatePipelines } from '../flows/evaluate-touched.ts';
import { trackRuns } from '../flows/track.ts';

/**
 * What one tick of the clock reads and writes, where one pipeline of a hundred is due, beside judging all of them. Counted
 * in items that the ports hand over, which is what DynamoDB bills.
 */
const PIPELINES = 10_000;
const OPEN_RUNS_EACH = 10;
const DUE_SHARE = 100;
const NOW_MS = Date.UTC(2025, 10, 3, 12);

const FILE = `version: 1
pipelines:
  due_*: { max_duration: 1h }
  "*": { max_duration: 2d }
`;
const { file } = readFile(FILE);
if (file === undefined) throw new Error('the file is wrong');
const live = openLiveStore(':memory:', { now: () => instantOf(NOW_MS) });
const alerts = openAlertStore(':memory:');
const nameOf = (pipeline: number) => `${pipeline % DUE_SHARE === 0 ? 'due' : 'other'}_${pipeline}`;
const keys = Array.from({ length: PIPELINES }, (_, n) => ({ environment: 'prod', process_name: nameOf(n) }));

const startMs = NOW_MS - 3_599_000;
for (let pipeline = 0; pipeline < PIPELINES; pipeline += 500) {
  const events = Array.from(
    { length: 500 * OPEN_RUNS_EACH },
    (_, n): Event => started(pipeline + Math.floor(n / OPEN_RUNS_EACH), n % OPEN_RUNS_EACH),
  );
  await trackRuns(live, foldRuns(events));
}
const counts = { read: 0, written: 0 };
const ports = counted({ live, ...alerts, expectations: expectationsOf(file, () => []) });
await evaluatePipelines(ports, keys, instantOf(NOW_MS));

const minute = instantOf(NOW_MS + 60_000);
const due = await measured(() => evaluateDue(ports, minute, PIPELINES));
const later = instantOf(NOW_MS + 120_000);
const all = await measured(() => evaluatePipelines(ports, keys, later));
const idle = await measured(() => evaluateDue(ports, instantOf(NOW_MS + 180_000), PIPELINES));

console.log(
  `clock: ${PIPELINES.toLocaleString('en')} pipelines with ${(PIPELINES * OPEN_RUNS_EACH).toLocaleString('en')} open runs`,
);
console.log('  a tick                         pipelines   items read   items written   seconds');
for (const [name, found] of [
  ['with 1 of 100 due', due],
  ['with none due', idle],
  ['that judged all of them', all],
] as const)
  console.log(
    `  ${name.padEnd(30)} ${String(found.pipelines).padStart(9)} ${String(found.read).padStart(12)} ${String(found.written).padStart(15)} ${found.seconds.toFixed(2).padStart(9)}`,
  );
console.log(
  `clock ratio, items of all to those due: ${((all.read + all.written) / (due.read + due.written)).toFixed(0)}`,
);

function started(pipeline: number, run: number): Event {
  const at = instantOf(startMs);
  const id = `${pipeline}-${run}`;
  return {
    event_key: id.padStart(32, '0'),
    event_id: id,
    event_date: at.slice(0, 10),
    event_time: at,
    received_at: at,
    environment: 'prod',
    process_name: nameOf(pipeline),
    run_id: `run ${run}`,
    run_attempt: 1,
    event_type: 'RUN_START',
    status: 'RUNNING',
    start_time: at,
  };
}

async function measured(work: () => Promise<{ readonly pipelines: number }>) {
  counts.read = 0;
  counts.written = 0;
  const from = performance.now();
  const { pipelines } = await work();
  return { pipelines, ...counts, seconds: (performance.now() - from) / 1000 };
}

/** The ports, counting the items that they read and write. A query that finds nothing reads one. */
function counted({ live: runs, incidents, watches, expectations }: EvaluatePipelinePorts): EvaluatePipelinePorts {
  const read = <T>(items: readonly T[]): readonly T[] => {
    counts.read += Math.max(1, items.length);
    return items;
  };
  const changing =
    <S, R>(change: (stored: S) => R) =>
    (stored: S): R => {
      counts.read += 1;
      const next = change(stored);
      if ((next as unknown) !== stored && next !== undefined) counts.written += 1;
      return next;
    };
  return {
    expectations,
    live: { listRuns: async (filter) => read(await runs.listRuns(filter)) },
    incidents: {
      ...incidents,
      changeIncident: (subject, change) => incidents.changeIncident(subject, changing(change)),
      listIncidents: async (filter) => read(await incidents.listIncidents(filter)),
    },
    watches: {
      ...watches,
      changeWatch: (key, change) => watches.changeWatch(key, changing(change)),
      dueWatches: async (now: Instant, limit) => read(await watches.dueWatches(now, limit)),
    },
  };
}
