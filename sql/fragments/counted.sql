-- Which words count: one said at an end counts unless the work was started again after it.
    failed is not null and not coalesce(first_start < last_start and last_start > failed[1], false) as is_failed,
    timed_out is not null and not coalesce(first_start < last_start and last_start > timed_out[1], false) as is_timed_out,
    cancelled is not null and not coalesce(first_start < last_start and last_start > cancelled[1], false) as is_cancelled,
    success is not null and not coalesce(first_start < last_start and last_start > success[1], false) as is_success,
    skipped is not null and not coalesce(first_start < last_start and last_start > skipped[1], false) as is_skipped,
    retry is not null and not coalesce(first_start < last_start and last_start > retry[1], false) as is_retry
