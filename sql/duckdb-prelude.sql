-- What DuckDB lacks of Trino's names, so that one text runs on both.
create or replace macro json_parse(text) as cast(text as json);
create or replace macro element_at(container, key) as container[key];
create or replace macro day_of_week(day) as isodow(day);
create or replace macro json_format(value) as cast(value as varchar);
