-- Who did what to the ledger, the latest first.
select acted_at, kind, who, environment, process_name, target, why, detail, object
from audit_log
where acted_at >= :since
  and acted_at < :until
  and coalesce(who, '') like :who escape '\'
  and (:kind = '' or kind = :kind)
  and (:process_name = '%' or process_name like :process_name escape '\')
order by acted_at desc, kind, target, object
limit :limit
