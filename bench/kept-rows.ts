/** Statements that fill the tables with so many runs of 100 pipelines that began before `now`, and files of lines. */
export function keptRows(
  runs: number,
  now: string,
): { readonly statements: readonly string[]; readonly files: readonly (readonly [string, readonly string[]])[] } {
  const at = `timestamp '${now.replace('T', ' ').replace('Z', '')}'`;
  return {
    statements: [RUN_ROWS, STEP_ROWS, EVENT_ROWS].map((text) =>
      text.replaceAll('$runs', String(runs)).replaceAll('$now', at),
    ),
    files: [
      ['incidents/dt=2026-11-30/changes.ndjson', incidentLines(2000, Date.parse(now))],
      ['slots/dt=2026-11-30/slots.ndjson', slotLines(1000, Date.parse(now))],
    ],
  };
}

/** A run each 86.4 s; every 25th failed, the latest three run. Durations swing by pipeline and day. */
const RUN_ROWS = `insert into pipeline_run_state by name
with drawn as (
  select i, i % 100 as pipeline, $now - to_milliseconds(($runs - i) * 86400) as start_time,
    60000 + (i * 7919) % 40000 + (i % 100) * 3000 as duration_ms
  from range($runs) as r(i)
)
select 'prod' as environment, 'pipeline_' || pipeline as process_name, 'run-' || lpad(i::varchar, 10, '0') as run_id,
  start_time::date as run_date,
  case when i >= $runs - 3 then 'RUNNING' when i % 25 = 3 then 'FAILED' else 'SUCCESS' end as status,
  1 as run_attempt, start_time,
  case when i < $runs - 3 then start_time + to_milliseconds(duration_ms) end as end_time,
  case when i < $runs - 3 then duration_ms end as duration_ms,
  1000 + (i * 31) % 500 as records_in, 900 + (i * 31) % 500 as records_out,
  1000000 + i as data_size_bytes_in, 500000 + i as data_size_bytes_out, 4 as steps,
  case when i % 25 = 3 then 'T' || (100 + pipeline)::varchar end as error_code,
  case when i % 25 = 3 then 'the source did not answer' end as error_message,
  300000 as expected_max_duration_ms, start_time as scheduled_for,
  start_time - interval 1 hour as data_interval_start, start_time as data_interval_end,
  'team_' || (pipeline % 7) as owner, 'cluster_' || (pipeline % 5) as cluster_id, '8 x r5.4xlarge' as cluster_size,
  start_time as first_event_at, start_time + to_milliseconds(duration_ms) as last_event_at,
  86400000 as lease_ms, timestamp '2099-01-01' as lease_expires_at, false as last_event_failed,
  [{'type': 's3', 'path': 's3://lake/table_' || pipeline}, {'type': 's3', 'path': 's3://lake/table_' || (pipeline * 7 % 100)}]
    as input_sources,
  [{'type': 'delta', 'path': 's3://lake/table_' || ((pipeline + 1) % 100), 'written_at': start_time}] as output_targets
from drawn`;

const STEP_ROWS = `insert into pipeline_steps by name
select environment, process_name, run_id, run_date, 'step_' || n as step_name, n::integer as step_index, 1 as run_attempt,
  case when hash(run_id) % 50 = 0 then 2 else 1 end as attempt,
  case when status = 'FAILED' and n = 3 then 'FAILED' when status = 'RUNNING' and n = 3 then 'RUNNING' else 'SUCCESS' end
    as status,
  start_time + to_milliseconds(n * 10000) as start_time, start_time + to_milliseconds(n * 10000 + 15000) as end_time,
  15000 + hash(run_id) % 1000 as duration_ms, 900 as records_out
from pipeline_run_state, range(4) as s(n)`;

/** Ten events of each run: two with metrics, one with quality. */
const EVENT_ROWS = `insert into pipeline_logs by name
select md5(run_id || n::varchar) as event_key, start_time::date as event_date,
  start_time + to_milliseconds(n * 5000) as event_time, environment, run_id, process_name,
  case when n in (0, 9) then null else 'step_' || (n % 4) end as step_name,
  case n when 0 then 'RUN_START' when 9 then 'RUN_END' else 'STEP_END' end as event_type, 'SUCCESS' as status,
  case when n in (3, 9) then map {'shuffle_bytes': 1000.0::double, 'cpu_seconds': 3.5::double} end as metrics,
  case when n = 9 then [
    {'dataset': 'table_' || (hash(process_name) % 20), 'check_name': 'unique', 'success': hash(run_id) % 20 > 0,
     'severity': null, 'expected': null, 'actual': null, 'records_checked': 1000, 'records_failed': 0}
  ] end as quality,
  'raw/dt=' || start_time::date || '/hh=00/landed.ndjson' as object, repeat(md5(run_id), 10) as raw_payload
from pipeline_run_state, range(10) as e(n)
order by start_time`;

function incidentLines(count: number, nowMs: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const moment = (ms: number) => new Date(nowMs - (count - (at >> 1)) * 3_600_000 + ms).toISOString();
    const isEnd = at % 2 === 1;
    return JSON.stringify({
      incident_id: `incident-${at >> 1}`,
      change: isEnd ? 2 : 1,
      kind: isEnd ? 'resolved' : 'opened',
      changed_at: moment(isEnd ? 900_000 : 60_000),
      environment: 'prod',
      process_name: `pipeline_${(at >> 1) % 100}`,
      slot: `run ${at}`,
      status: isEnd ? 'resolved' : 'open',
      severity: 'P2',
      reasons: 'FAILED',
      run_ids: `run-${at}`,
      summary: 'failed',
      occurred_at: moment(0),
      detected_at: moment(60_000),
      ...(isEnd ? { resolved_at: moment(900_000) } : {}),
    });
  });
}

function slotLines(count: number, nowMs: number): readonly string[] {
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      environment: 'prod',
      process_name: `pipeline_${at % 100}`,
      slot: new Date(nowMs - at * 30_000).toISOString(),
      local_time: '2026-11-30 12:00',
      timezone: 'UTC',
      state: at % 9 === 0 ? 'missed' : 'good',
      reasons: '',
      recorded_at: new Date(nowMs).toISOString(),
    }),
  );
}
