-- Takes the lines of the given objects in: stamped ones only, each event once, typed.
-- An untimed event that was sent again bears the time of another arrival, maybe of another day: the first one counts.
-- What cannot be read is left out at the insert: a filter on the typed row would parse every line a second time.
merge into pipeline_logs as t
using (
  with lines as (
    select {{object}} as object, concat(dt, '/', hh) as arrival_hour, line,
      row_number() over (partition by {{line.event_key}} order by {{line.event_time}}, "$path", line) as copy
    from raw_lines
    where "$path" in (:objects)
      and dt in (:arrival_dates)
      and {{is_stamped}}
      and {{line.event_date}} in (:event_days)
  ),
  parsed as (
    select object, arrival_hour, line, try_cast(try(json_parse(line)) as {{event_row}}) as e
    from lines
    where copy = 1
  )
  select
{{event_select}},
    object,
    arrival_hour,
    line as raw_payload,
    coalesce(contains(e.flags, 'event_time_assumed'), false) as is_untimed
  from parsed
) as s
on t.event_key = s.event_key
  and t.event_date in (:event_dates)
when matched and s.is_untimed and s.event_time < t.event_time
  then update set {{pipeline_logs.assignments}}
when not matched and s.event_key is not null and s.run_id is not null then insert ({{pipeline_logs.columns}})
  values ({{pipeline_logs.source_columns}})
