/** One rule of the reduction each, and the way it would be wrong. All of these texts stand in one of the statements. */
export const mutations: readonly { readonly rule: string; readonly from: string; readonly to: string }[] = [
  { rule: 'FAILED is stronger than SUCCESS', from: "      when is_failed then 'FAILED'\n", to: '' },
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
    rule: 'SKIPPED is stronger than an end without a status',
    from: "when is_skipped then 'SKIPPED'",
    to: "when is_skipped and not is_ended then 'SKIPPED'",
  },
  {
    rule: 'an end without a status is stronger than RETRY',
    from: "when is_ended then 'ENDED'",
    to: "when is_ended and not is_retry then 'ENDED'",
  },
  {
    rule: 'RETRY is stronger than RUNNING',
    from: "when is_retry then 'RETRY'\n      when running then 'RUNNING'",
    to: "when running then 'RUNNING'\n      when is_retry then 'RETRY'",
  },
  {
    rule: 'RUNNING is stronger than QUEUED',
    from: "when running then 'RUNNING'\n      when queued_at is not null then 'QUEUED'",
    to: "when queued_at is not null then 'QUEUED'",
  },
  {
    rule: 'an end without a status of a step that told an error is a failure',
    from: "when is_ended and unit = 'step' and error is not null then 'FAILED'\n",
    to: '',
  },
  {
    rule: 'an end without a status is a failure when the attempt told an error',
    from: 'attempt_error is not null or any_error = 1',
    to: 'any_error = 1',
  },
  {
    rule: "an end without a status is a failure when a step's error was not mended",
    from: 'attempt_error is not null or any_error = 1',
    to: 'attempt_error is not null',
  },
  {
    rule: 'a step that ended well has mended its error',
    from: "error is not null and word not in ('SUCCESS', 'SKIPPED') then 1",
    to: 'error is not null then 1',
  },
  {
    rule: 'an end without a status is as bad as the worst step',
    from: "when opened is not null and worst_end = 2 then 'TIMED_OUT'",
    to: '',
  },
  {
    rule: 'only steps of the attempt decide its end',
    from: 'when not is_current or run_attempt <> shown_attempt then null',
    to: 'when not is_current then null',
  },
  {
    rule: 'an end counts unless the work was started again after it',
    from: 'coalesce(failed[1] >= since, true) as is_failed',
    to: 'true as is_failed',
  },
  {
    rule: 'an end at the very start of the newest execution counts',
    from: 'coalesce(success[1] >= since, true) as is_success',
    to: 'coalesce(success[1] > since, true) as is_success',
  },
  {
    rule: 'started again takes two distinct starts',
    from: 'case when first_start < last_start and first_end < last_start then last_start end as since',
    to: 'case when first_end < last_start then last_start end as since',
  },
  {
    rule: 'started again takes an end before the last start',
    from: 'case when first_start < last_start and first_end < last_start then last_start end as since',
    to: 'case when first_start < last_start then last_start end as since',
  },
  {
    rule: 'a QUEUED START is no start',
    from: "when is_start and coalesce(status, '') <> 'QUEUED' then coalesce(start_time,",
    to: 'when is_start then coalesce(start_time,',
  },
  {
    rule: 'a START without any time is no start',
    from: 'case when not is_untimed then event_time end',
    to: 'event_time',
  },
  {
    rule: 'an END may tell its start',
    from: 'when is_end and start_time <= coalesce(end_time, event_time) then start_time',
    to: '',
  },
  {
    rule: 'a start after its end is none',
    from: 'when is_end and start_time <= coalesce(end_time, event_time) then start_time',
    to: 'when is_end then start_time',
  },
  {
    rule: 'an end is at its end_time',
    from: 'case when is_end then coalesce(end_time, event_time) end as told_end',
    to: 'case when is_end then event_time end as told_end',
  },
  {
    rule: 'statuses come from END events only',
    from: "filter (where is_end and status = 'FAILED') as failed",
    to: "filter (where status = 'FAILED') as failed",
  },
  {
    rule: 'only RUN_* events without a step report on the run',
    from: "case when l.step_name is null then 'RUN_END' else 'STEP_END' end as is_end",
    to: "'RUN_END' as is_end",
  },
  {
    rule: 'only RUN_* events open an attempt',
    from: 'case when e.step_name is null and (e.is_start or e.is_end) then e.run_attempt end',
    to: 'case when e.step_name is null then e.run_attempt end',
  },
  {
    rule: 'steps open no attempt',
    from: 'case when e.step_name is null and (e.is_start or e.is_end) then e.run_attempt end',
    to: 'case when e.is_start or e.is_end then e.run_attempt end',
  },
  {
    rule: 'the highest opened attempt is the run',
    from: 'max(opens) over',
    to: 'min(opens) over',
  },
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
    from: 'coalesce(l.attempt, 1) end as attempt',
    to: 'coalesce(l.attempt, 0) end as attempt',
  },
  {
    rule: 'a step without index joins its only indexed namesake',
    from: 'coalesce(step_index, case when least_index = greatest_index then greatest_index end)',
    to: 'step_index',
  },
  {
    rule: 'it joins no namesake when there are several',
    from: 'case when least_index = greatest_index then greatest_index end',
    to: 'greatest_index',
  },
  {
    rule: 'the start is that of the newest execution',
    from: 'coalesce(since, first_start) as told_start',
    to: 'first_start as told_start',
  },
  {
    rule: 'the first start counts unless it was started again',
    from: 'coalesce(since, first_start) as told_start',
    to: 'last_start as told_start',
  },
  {
    rule: 'a run whose attempt told no start begins with its first step',
    from: 'coalesce(attempt_start, steps_start)',
    to: 'attempt_start',
  },
  {
    rule: 'waiting begins with the first QUEUED',
    from: "min(coalesce(start_time, event_time)) filter (where is_start and status = 'QUEUED') as queued_at",
    to: "max(coalesce(start_time, event_time)) filter (where is_start and status = 'QUEUED') as queued_at",
  },
  {
    rule: 'a run without a start stands on the day it began to wait',
    from: 'coalesce(run_start, attempt_queued_at, first_event_at)',
    to: 'coalesce(run_start, first_event_at)',
  },
  {
    rule: 'a described value is the greatest by time',
    from: 'max(case when owner is not null then row(latest[1], latest[2], owner) end)',
    to: 'min(case when owner is not null then row(latest[1], latest[2], owner) end)',
  },
  {
    rule: 'of events that describe their run alike the last counts',
    from: "max(row(event_time, event_id)) filter (where unit = 'run') as latest",
    to: "min(row(event_time, event_id)) filter (where unit = 'run') as latest",
  },
  {
    rule: 'superseded tries still tell of their run',
    from: "k.of_run\n      or u.unit <> 'superseded'",
    to: "u.unit <> 'superseded'",
  },
  {
    rule: 'a tie in time is broken by id',
    from: 'max(case when job_id is not null then row(latest[1], latest[2], job_id) end)[3]',
    to: 'max(case when job_id is not null then row(latest[1], job_id, latest[2]) end)[2]',
  },
  {
    rule: 'the first error is the least',
    from: 'min(error) filter (where error is not null) as first_error',
    to: 'max(error) filter (where error is not null) as first_error',
  },
  {
    rule: 'an error of an earlier execution is not shown',
    from: 'when coalesce(first_error[1] >= since, true) then first_error',
    to: 'when true then first_error',
  },
  {
    rule: 'the last error is shown when the first is of an earlier execution',
    from: 'when last_error[1] >= since then last_error\n',
    to: '',
  },
  {
    rule: 'a duration of an earlier execution is not shown',
    from: 'coalesce(told_duration_ms[1] >= since, true)',
    to: 'true',
  },
  {
    rule: "a step's total of an earlier execution of the run does not count",
    from: 'is_current and coalesce(told_records_in[1] >= counted_since, true)',
    to: 'is_current and coalesce(told_records_in[1] >= since, true)',
  },
  {
    rule: 'steps of an earlier execution say nothing of the newest',
    from: 'coalesce(last_report_at >= run_since, run_since is null) as is_current',
    to: 'true as is_current',
  },
  {
    rule: 'the own total goes before what the edges told',
    from: 'coalesce(attempt_records_in, case when coalesce(edge_records_in, outermost_records_in) <= 9007199254740991 then cast(coalesce(edge_records_in, outermost_records_in) as bigint) end)',
    to: 'coalesce(case when coalesce(edge_records_in, outermost_records_in) <= 9007199254740991 then cast(coalesce(edge_records_in, outermost_records_in) as bigint) end, attempt_records_in)',
  },
  {
    rule: 'a sum no integer can hold is unknown',
    from: 'outermost_records_in) <= 9007199254740991',
    to: 'outermost_records_in) < 9007199254740991',
  },
  {
    rule: 'totals are told by END events',
    from: 'filter (where is_end and records_out is not null)',
    to: 'filter (where records_out is not null)',
  },
  {
    rule: 'a run of steps has ended once all have',
    from: "when steps = 0 or any_open = 1 then 'RUNNING'",
    to: "when steps = 0 then 'RUNNING'",
  },
  { rule: 'a run of steps is as its worst', from: "when any_failed = 1 then 'FAILED'", to: '' },
  {
    rule: 'a conflict takes two ends that count',
    from: '(case when is_skipped then 1 else 0 end) < 2',
    to: '(case when is_skipped then 1 else 0 end) < 3',
  },
  {
    rule: 'the last report leaves heartbeats aside',
    from: "event_type not in ('HEARTBEAT', 'METRIC')",
    to: "event_type not in ('METRIC')",
  },
  {
    rule: 'a failed step is a failed report',
    from: "or (e.is_end and e.step_name is not null and coalesce(e.status = 'FAILED', e.error is not null)) as is_failure",
    to: 'as is_failure',
  },
  { rule: 'a run with a step under way has not failed yet', from: ' and any_under_way = 0', to: '' },
  {
    rule: 'the longest promise counts',
    from: 'max(lease_ms) as promised_lease_ms',
    to: 'min(lease_ms) as promised_lease_ms',
  },
  {
    rule: 'the longest promise counts, whatever it came with',
    from: 'max(promised_lease_ms) as promised_lease_ms',
    to: 'min(promised_lease_ms) as promised_lease_ms',
  },
  {
    rule: 'a promise of heartbeats goes before everything else',
    from: 'when promised_lease_ms is not null then promised_lease_ms\n      when last_event_failed then 3600000',
    to: 'when last_event_failed then 3600000\n      when promised_lease_ms is not null then promised_lease_ms',
  },
  {
    rule: 'what the ledger tells of a run is no sign of its life',
    from: "max(event_time) filter (where reporter <> 'runledger') as last_event_at",
    to: 'max(event_time) as last_event_at',
  },
  { rule: 'silence after a failure is short', from: 'when last_event_failed then 3600000\n', to: '' },
  {
    rule: 'an SLA never shortens a lease',
    from: 'when greatest_sla_ms * 2 > 86400000 then greatest_sla_ms * 2',
    to: 'when greatest_sla_ms > 0 then greatest_sla_ms * 2',
  },
  { rule: 'a lease has an end', from: '> 2073600000 then 2073600000', to: '> 2073600000 then 2073600001' },
  {
    rule: 'memory is floored to whole bytes',
    from: 'max(floor(memory_used_bytes))',
    to: 'max(ceil(memory_used_bytes))',
  },
  {
    rule: 'each instance of a mapped step is a step of its own',
    from: 'partition by environment, process_name, run_id, place, map_index, step_name',
    to: 'partition by environment, process_name, run_id, place, step_name',
  },
  {
    rule: 'a step without an index is joined with the same instance of its name',
    from: 'over (partition by environment, process_name, run_id, step_name, map_index)',
    to: 'over (partition by environment, process_name, run_id, step_name)',
  },
  {
    rule: 'what goes in is told where no step of the run wrote it',
    from: "path like 'r%' and is_written = 0",
    to: "path like 'r%'",
  },
  {
    rule: 'what comes out is told where no step of the run reads it',
    from: "path like 'w%' and is_read = 0",
    to: "path like 'w%'",
  },
  {
    rule: 'only steps read and write',
    from: "case when unit = 'step' then array_distinct(paths) || array[cast(null as varchar)] end",
    to: 'array_distinct(paths) || array[cast(null as varchar)]',
  },
  {
    rule: 'the edges go before the outermost step',
    from: 'cast(coalesce(edge_records_out, outermost_records_out) as bigint)',
    to: 'cast(coalesce(outermost_records_out, edge_records_out) as bigint)',
  },
  {
    rule: 'what goes in is told by the first step that counts',
    from: 'min(case when count_records_in is not null',
    to: 'max(case when count_records_in is not null',
  },
  {
    rule: 'what comes out is told by the last step that counts',
    from: 'max(case when count_records_out is not null',
    to: 'min(case when count_records_out is not null',
  },
  {
    rule: 'steps stand in the order in which they began',
    from: 'row(coalesce(told_start, first_event_at), coalesce(step_index',
    to: 'row(first_event_at, coalesce(step_index',
  },
  {
    rule: 'the instances of the outermost step add up',
    from: 'case when step_name = place_records_in[3] then',
    to: 'case when place_in_run = place_records_in then',
  },
];
