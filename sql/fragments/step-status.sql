-- The status of a step as the clock sees its run: left open in a run that ended, it is abandoned, or failed with it.
case
    when s.status in ({{ended}}) or s.status = 'ABANDONED' then s.status
    when r.status in ({{ended_well}}) then 'ABANDONED'
    when r.status in ({{ended}}, 'LOST') and (s.error_code is not null or s.error_message is not null) then 'FAILED'
    when r.status in ({{ended}}, 'LOST') then 'ABANDONED'
    else s.status
  end
