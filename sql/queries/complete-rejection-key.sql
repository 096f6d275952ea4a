-- The keys that begin with the given text: none, one, or two of many.
select rejection_key
from rejections
where substr(rejection_key, 1, length(:start)) = :start
order by rejection_key
limit 2
