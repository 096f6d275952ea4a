-- The strongest word that counts; null when nothing was said.
    case
      when is_failed then 'FAILED'
      when is_timed_out then 'TIMED_OUT'
      when is_cancelled then 'CANCELLED'
      when is_success then 'SUCCESS'
      when is_skipped then 'SKIPPED'
      when is_retry then 'RETRY'
      when running then 'RUNNING'
      when first_start is not null then 'QUEUED'
    end
