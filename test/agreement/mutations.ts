/** One rule of the reduction each, and the way it would be wrong. All of these texts stand in both statements. */
export const mutations: readonly { readonly rule: string; readonly from: string; readonly to: string }[] = [
  {
    rule: 'FAILED is stronger than SUCCESS',
    from: "      when is_failed then 'FAILED'\n",
    to: '',
  },
  {
    rule: 'TIMED_OUT is stronger than CANCELLED',
    from: "when is_timed_out then 'TIMED_OUT'",
    to: "when is_timed_out and not is_cancelled then 'TIMED_OUT'",
  },
  {
    rule: 'CANCELLED is stronger than SUCCESS',
    from: "when is_cancelled then 'CANCELLED'",
    to: "when is_cancelled and not is_success then 'CANCELLED'",
  },
  {
    rule: 'SUCCESS is stronger than SKIPPED',
    from: "when is_success then 'SUCCESS'",
    to: "when is_success and not is_skipped then 'SUCCESS'",
  },
  {
    rule: 'RETRY is stronger than RUNNING',
    from: "when is_retry then 'RETRY'\n      when running then 'RUNNING'",
    to: "when running then 'RUNNING'\n      when is_retry then 'RETRY'",
  },
  { rule: 'RUNNING is stronger than QUEUED', from: "when running then 'RUNNING'", to: '' },
  {
    rule: 'a failure counts unless it was started again',
    from: 'last_start > failed[1]',
    to: 'last_start < failed[1]',
  },
  {
    rule: 'started again means strictly after the end',
    from: 'last_start > success[1]',
    to: 'last_start >= success[1]',
  },
  {
    rule: 'one start alone is no second start',
    from: 'coalesce(first_start < last_start and last_start > failed[1], false)',
    to: 'coalesce(last_start > failed[1], false)',
  },
  {
    rule: 'a start is told by START events only',
    from: 'max(coalesce(start_time, event_time)) filter (where is_start) as last_start',
    to: 'max(coalesce(start_time, event_time)) as last_start',
  },
  {
    rule: 'an end is at its end_time',
    from: "max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'FAILED')",
    to: "max(row(event_time, event_id, reporter)) filter (where is_end and status = 'FAILED')",
  },
  {
    rule: 'words come from END events only',
    from: "filter (where is_end and status = 'FAILED')",
    to: "filter (where status = 'FAILED')",
  },
  {
    rule: 'only RUN_* events without a step speak of the run',
    from: "case when l.step_name is null then 'RUN_END' else 'STEP_END' end as is_end",
    to: "'RUN_END' as is_end",
  },
  {
    rule: 'only RUN_* events open an attempt',
    from: 'filter (where step_name is null and (is_start or is_end)) as opened',
    to: 'filter (where step_name is null) as opened',
  },
  {
    rule: 'steps open no attempt',
    from: 'filter (where step_name is null and (is_start or is_end)) as opened',
    to: 'filter (where is_start or is_end) as opened',
  },
  { rule: 'the highest attempt is the run', from: 'max(run_attempt) filter', to: 'min(run_attempt) filter' },
  {
    rule: 'tries are ordered by run attempt first',
    from: 'order by run_attempt desc, attempt desc',
    to: 'order by attempt desc, run_attempt desc',
  },
  {
    rule: 'the highest try is shown',
    from: 'order by run_attempt desc, attempt desc',
    to: 'order by run_attempt desc, attempt',
  },
  {
    rule: 'a missing try is the first',
    from: 'coalesce(l.attempt, 1) as attempt',
    to: 'coalesce(l.attempt, 0) as attempt',
  },
  {
    rule: 'a step without index joins its only indexed namesake',
    from: 'coalesce(e.step_index, case when n.indexes = 1 then n.only_index end)',
    to: 'e.step_index',
  },
  {
    rule: 'it joins no namesake when there are several',
    from: 'case when n.indexes = 1 then n.only_index end',
    to: 'n.only_index',
  },
  {
    rule: 'start is the least start_time',
    from: 'min(start_time) as least_start_time',
    to: 'max(start_time) as least_start_time',
  },
  {
    rule: 'end is the greatest over END events',
    from: 'max(coalesce(end_time, event_time)) filter (where is_end) as last_end',
    to: 'min(coalesce(end_time, event_time)) filter (where is_end) as last_end',
  },
  {
    rule: 'a described value is the greatest by time',
    from: '(max(row(event_time, event_id, owner))',
    to: '(min(row(event_time, event_id, owner))',
  },
  {
    rule: 'a tie in time is broken by id',
    from: '(max(row(event_time, event_id, job_id)) filter (where job_id is not null))[3]',
    to: '(max(row(event_time, job_id, event_id)) filter (where job_id is not null))[2]',
  },
  {
    rule: 'the first error is the least',
    from: "min(row(\n      event_time, event_id, coalesce(error_code, '')",
    to: "max(row(\n      event_time, event_id, coalesce(error_code, '')",
  },
  {
    rule: 'the own total goes before the sum',
    from: 'coalesce(a.records_in, case when s.records_in <= 9007199254740991 then cast(s.records_in as bigint) end) as records_in',
    to: 'coalesce(case when s.records_in <= 9007199254740991 then cast(s.records_in as bigint) end, a.records_in) as records_in',
  },
  {
    rule: 'a sum no integer can hold is unknown',
    from: 's.records_in <= 9007199254740991',
    to: 's.records_in < 9007199254740991',
  },
  {
    rule: 'totals are told by END events',
    from: 'filter (where is_end and records_out is not null)',
    to: 'filter (where records_out is not null)',
  },
  {
    rule: 'a run of steps has ended once all have',
    from: "bool_and(word in ('FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED')) as all_ended",
    to: "bool_or(word in ('FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED')) as all_ended",
  },
  { rule: 'a run of steps is as its worst', from: "when s.any_failed then 'FAILED'", to: '' },
  {
    rule: 'a conflict takes two ends that count',
    from: '(case when is_skipped then 1 else 0 end) < 2',
    to: '(case when is_skipped then 1 else 0 end) < 3',
  },
  {
    rule: 'the last word leaves heartbeats aside',
    from: "event_type not in ('HEARTBEAT', 'METRIC')",
    to: "event_type not in ('METRIC')",
  },
  {
    rule: 'a failed step is a bad last word',
    from: "event_type = 'ERROR' or (is_end and step_name is not null and status = 'FAILED')",
    to: "event_type = 'ERROR'",
  },
  { rule: 'the longest lease counts', from: 'max(lease_ms)', to: 'min(lease_ms)' },
  {
    rule: 'memory is floored to whole bytes',
    from: 'max(floor(memory_used_bytes))',
    to: 'max(ceil(memory_used_bytes))',
  },
];
