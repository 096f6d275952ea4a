import { join } from 'node:path';

/*
 * A world of runs: two weeks of eight pipelines with faults, retries, checks and lineage; hostile names; a message of five
 * megabytes; two thousand steps; what is late, lost and never started.
 */

const AGAIN = JSON.stringify([process.execPath, join(import.meta.dirname, 'again-job.mjs')]);

export const PIPELINES = `version: 1
defaults: { timezone: Europe/Berlin }
pipelines:
  orders_hourly: { environment: prod, schedule: { cron: "0 */6 * * *" } }
  never_starts: { environment: prod, schedule: { cron: "5 0 * * *" } }
  again_job: { restart: { command: { run: ${AGAIN} } }, idempotent: merge }
`;

export const HOSTILE = '"><img src=x onerror="document.title=\'owned\'"><script>alert(1)</script>';
export const RIGHT_TO_LEFT = 'مسار البيانات \u202Eيومي';
export const LONG_MESSAGE = `${'Lorem ipsum <b>dolor</b> sit amet. '.repeat(150_000)}THE END`;

const NAMES: readonly (readonly [name: string, environment: string, perDay: number])[] = [
  ['orders_hourly', 'prod', 8],
  ['customer_daily_assemble', 'prod', 2],
  ['ml_feature_store_refresh_with_a_name_that_goes_on_and_on', 'prod', 1],
  ['ml_feature_store_refresh_with_a_name_that_goes_on_and_on', 'staging', 1],
  ['Überweisungen/export → DATEV', 'prod', 1],
  [RIGHT_TO_LEFT, 'prod', 1],
  [HOSTILE, 'test', 1],
  ['..', 'prod', 1],
];
const DAYS = 14;
const DAY_MS = 86_400_000;

type Event = Readonly<Record<string, unknown>>;

/** The same numbers each time. */
function dice(): () => number {
  let state = 42;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export async function sendWorld(url: string): Promise<void> {
  const now = Date.now();
  const events = [...history(now), ...special(now)];
  for (let at = 0; at < events.length; at += 1_000) await send(url, events.slice(at, at + 1_000));
  const broken = await fetch(`${url}/events?partial`, {
    method: 'POST',
    body: 'this is no JSON\n{"event_type": "RUN_START", "process_name": "no_id"}\n',
  });
  if (!broken.ok) throw new Error(`broken lines: ${broken.status}`);
  const settled = await fetch(`${url}/api/settle`, { method: 'POST' });
  if (!settled.ok) throw new Error(`settle: ${settled.status}`);
}

export async function send(url: string, events: readonly Event[]): Promise<void> {
  const body = events.map((event) => JSON.stringify(event)).join('\n');
  const response = await fetch(`${url}/events`, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok || !text.includes('"rejected":0'))
    throw new Error(`events: ${response.status} ${text.slice(0, 500)}`);
}

const at = (ms: number): string => new Date(ms).toISOString();

function* history(now: number): Generator<Event> {
  const roll = dice();
  for (let day = DAYS - 1; day >= 0; day--) {
    for (const [process_name, environment, perDay] of NAMES) {
      for (let number = 0; number < perDay; number++) {
        const start = now - day * DAY_MS - ((number + roll()) / perDay) * 0.8 * DAY_MS - 3_600_000;
        yield* aRun({ process_name, environment, run_id: `${day}-${number}-${Math.floor(roll() * 1e9)}` }, start, roll);
      }
    }
  }
}

const STEPS = ['extract', 'validate', 'transform', 'load'] as const;

function* aRun(key: Event, start: number, roll: () => number): Generator<Event> {
  const { process_name } = key;
  const base = {
    ...key,
    owner: `team-${String(process_name).slice(0, 3)}`,
    params: { mode: 'full' },
    tags: { tier: 'gold' },
  };
  const failsAt = roll() < 0.15 ? Math.floor(roll() * STEPS.length) : -1;
  const retries = roll() < 0.2;
  yield { ...base, event_type: 'RUN_START', event_time: at(start), start_time: at(start) };
  let time = start;
  for (const [step_index, step_name] of STEPS.entries()) {
    const step = { ...base, step_name, step_index };
    if (retries && step_name === 'transform') {
      yield { ...step, attempt: 1, event_type: 'STEP_START', event_time: at(time), start_time: at(time) };
      const error = {
        error_code: 'T101',
        error_message: 'Connection reset by peer',
        stack_trace: 'at Socket.read (net.js:7)',
      };
      yield {
        ...step,
        attempt: 1,
        event_type: 'STEP_END',
        status: 'FAILED',
        event_time: at(time + 5_000),
        end_time: at(time + 5_000),
        error,
      };
      time += 6_000;
    }
    const attempt = retries && step_name === 'transform' ? 2 : 1;
    const begun = time;
    time += 20_000 + roll() * 200_000;
    const failed = step_index === failsAt;
    const records = Math.floor(1_000 + roll() * 90_000);
    yield { ...step, attempt, event_type: 'STEP_START', event_time: at(begun), start_time: at(begun) };
    yield {
      ...step,
      ...{ attempt, event_type: 'STEP_END', status: failed ? 'FAILED' : 'SUCCESS' },
      ...{
        event_time: at(time),
        start_time: at(begun),
        end_time: at(time),
        records_in: records,
        records_out: failed ? 0 : records,
      },
      metrics: { rows_per_second: records / ((time - begun) / 1000) },
      ...(step_name === 'extract' && { input_sources: [{ type: 's3', path: `s3://raw/${process_name}/`, records }] }),
      ...(step_name === 'load' && { output_targets: [{ type: 'delta', path: `lake.${process_name}`, records }] }),
      ...(step_name === 'validate' && {
        quality: [
          {
            dataset: `lake.${process_name}`,
            check_name: 'no_null_ids',
            success: roll() > 0.1,
            severity: 'error',
            records_checked: records,
          },
        ],
      }),
      ...(failed && {
        error: {
          error_code: 'D201',
          error_message: `Column customer_id not found\n\tat ${HOSTILE}`,
          stack_trace:
            'Traceback (most recent call last):\n  File "job.py", line 12, in <module>\nKeyError: customer_id',
          root_cause: 'schema drift',
        },
      }),
    };
    if (failed) break;
  }
  yield {
    ...base,
    event_type: 'RUN_END',
    status: failsAt >= 0 ? 'FAILED' : 'SUCCESS',
    event_time: at(time),
    end_time: at(time),
  };
}

function* special(now: number): Generator<Event> {
  const start = (key: Event, agoMs: number): Event => ({
    ...{ environment: 'prod', event_type: 'RUN_START', event_time: at(now - agoMs), start_time: at(now - agoMs) },
    ...key,
  });
  yield start({ process_name: 'late_job', run_id: 'late-1', sla: { expected_max_duration_ms: 60_000 } }, 600_000);
  yield start({ process_name: 'lost_job', run_id: 'lost-1', heartbeat_interval_ms: 10_000 }, 900_000);
  yield start({ process_name: 'parent_job', run_id: 'parent-1' }, 300_000);
  yield start(
    { process_name: 'child_job', run_id: 'child-1', parent_run_id: 'parent-1', root_run_id: 'parent-1' },
    290_000,
  );

  const chatty = { environment: 'prod', process_name: 'chatty_job', run_id: 'chatty-1' };
  yield start(chatty, 500_000);
  const error = { error_code: 'R402', error_message: LONG_MESSAGE };
  yield {
    ...chatty,
    event_type: 'RUN_END',
    status: 'FAILED',
    event_time: at(now - 400_000),
    end_time: at(now - 400_000),
    error,
  };

  const wide = { environment: 'prod', process_name: 'wide_job', run_id: 'wide-1' };
  yield start(wide, 2_000_000);
  for (let step_index = 0; step_index < 2_000; step_index++) {
    const step = { ...wide, step_name: `part_${String(step_index).padStart(4, '0')}`, step_index };
    const begun = now - 1_900_000 + step_index * 500;
    yield { ...step, event_type: 'STEP_START', event_time: at(begun), start_time: at(begun) };
    yield {
      ...step,
      event_type: 'STEP_END',
      status: 'SUCCESS',
      event_time: at(begun + 3_000),
      end_time: at(begun + 3_000),
    };
  }
  yield {
    ...wide,
    event_type: 'RUN_END',
    status: 'SUCCESS',
    event_time: at(now - 500_000),
    end_time: at(now - 500_000),
  };
}
