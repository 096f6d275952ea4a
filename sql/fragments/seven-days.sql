-- What ended and failed each day, added up over the seven days up to it.
rolling as (
  select environment, process_name, step_name, run_date,
    sum(ended) over (
      partition by environment, process_name, step_name
      order by run_date
      range between interval '6' day preceding and current row
    ) as ended,
    sum(failed) over (
      partition by environment, process_name, step_name
      order by run_date
      range between interval '6' day preceding and current row
    ) as failed
  from daily
)
