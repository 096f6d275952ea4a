-- The word that each unit of work shows, and the conflict and the error behind it.
executions as (
  select *,
    {{since}} as since
  from works
),
reported as (
  select *,
    failed is not null and coalesce(failed[1] >= since, true) as is_failed,
    timed_out is not null and coalesce(timed_out[1] >= since, true) as is_timed_out,
    cancelled is not null and coalesce(cancelled[1] >= since, true) as is_cancelled,
    success is not null and coalesce(success[1] >= since, true) as is_success,
    skipped is not null and coalesce(skipped[1] >= since, true) as is_skipped,
    ended is not null and coalesce(ended >= since, true) as is_ended,
    retry is not null and coalesce(retry[1] >= since, true) as is_retry,
    coalesce(since, first_start) as told_start,
    case
      when coalesce(first_error[1] >= since, true) then first_error
      when last_error[1] >= since then last_error
    end as error
  from executions
),
judged as (
  select *,
    case
      when is_failed then 'FAILED'
      when is_timed_out then 'TIMED_OUT'
      when is_cancelled then 'CANCELLED'
      when is_success then 'SUCCESS'
      when is_skipped then 'SKIPPED'
      when is_ended and unit = 'step' and error is not null then 'FAILED'
      when is_ended and unit = 'step' then 'SUCCESS'
      when is_ended then 'ENDED'
      when is_retry then 'RETRY'
      when running then 'RUNNING'
      when queued_at is not null then 'QUEUED'
      else 'RUNNING'
    end as word,
    case
      when (case when is_failed then 1 else 0 end) + (case when is_timed_out then 1 else 0 end)
        + (case when is_cancelled then 1 else 0 end) + (case when is_success then 1 else 0 end)
        + (case when is_skipped then 1 else 0 end) < 2 then null
      else substr(
        concat(
          case when is_failed then concat(', FAILED by ', coalesce(nullif(failed[3], ''), 'producer')) else '' end,
          case when is_timed_out then concat(', TIMED_OUT by ', coalesce(nullif(timed_out[3], ''), 'producer')) else '' end,
          case when is_cancelled then concat(', CANCELLED by ', coalesce(nullif(cancelled[3], ''), 'producer')) else '' end,
          case when is_success then concat(', SUCCESS by ', coalesce(nullif(success[3], ''), 'producer')) else '' end,
          case when is_skipped then concat(', SKIPPED by ', coalesce(nullif(skipped[3], ''), 'producer')) else '' end
        ), 3)
    end as conflict,
    case when coalesce(told_duration_ms[1] >= since, true) then told_duration_ms[3] end as reported_duration_ms
  from reported
)
