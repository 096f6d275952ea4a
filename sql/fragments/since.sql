-- Started again under one number: two told starts, the first end before the last of them. What was told before is not shown.
case when first_start < last_start and first_end < last_start then last_start end
