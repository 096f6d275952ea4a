-- What became of runs since a change that you know, in order. Ask again with the number of the last row that you got.
select
  number, changed_at, kind, environment, process_name, run_id, status_before, status, changed_columns, run_date, row_before
from run_changes
where number > :after
  and (:environment = '' or environment = :environment)
  and process_name like :process_name escape '\'
  and (:kind = '' or kind = :kind)
order by number
limit :limit
