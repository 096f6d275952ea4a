select day, sum(amount) as amount
from {{ ref('raw_orders') }}
group by day
