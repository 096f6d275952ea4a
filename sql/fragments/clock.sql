-- Now, UTC, without a zone, in milliseconds.
date_trunc('millisecond', cast(current_timestamp at time zone 'UTC' as timestamp(6)))
