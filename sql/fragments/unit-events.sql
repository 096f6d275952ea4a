-- Every event e beside its unit u. What is null in a key is a value no event has: engines join by equality.
(
    {{events}}
  ) as e
  join shown as u
    on u.environment = e.environment
    and u.process_name = e.process_name
    and u.run_id = e.run_id
    and u.run_attempt = e.run_attempt
    and coalesce(u.step_name, '') = coalesce(e.step_name, '')
    and coalesce(u.step_index, -1) = coalesce(e.step_index, -1)
    and coalesce(u.map_index, -1) = coalesce(e.map_index, -1)
    and coalesce(u.attempt, -1) = coalesce(e.attempt, -1)
