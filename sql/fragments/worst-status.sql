-- The gravest status among runs.
case
    when bool_or(status = 'FAILED') then 'FAILED'
    when bool_or(status = 'TIMED_OUT') then 'TIMED_OUT'
    when bool_or(status = 'LOST') then 'LOST'
    when bool_or(status = 'CANCELLED') then 'CANCELLED'
    when bool_or(status = 'SUSPECT') then 'SUSPECT'
    when bool_or(status = 'RETRY') then 'RETRY'
    when bool_or(status = 'RUNNING') then 'RUNNING'
    when bool_or(status = 'QUEUED') then 'QUEUED'
    when bool_or(status = 'SKIPPED') and not bool_or(status = 'SUCCESS') then 'SKIPPED'
    else 'SUCCESS'
  end
