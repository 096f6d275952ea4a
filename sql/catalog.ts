import { defineQuery } from './define-query.ts';

/** Which columns the tables of a database have, as the engine reads them. In Trino's dialect. */
export const findColumns = defineQuery({
  name: 'find_columns',
  text: `select table_name, column_name, data_type
from information_schema.columns
where table_schema = :database
  and table_name in (:tables)`,
  parameters: { database: 'text', tables: 'texts' },
  columns: {
    table_name: { type: 'varchar', comment: 'the table' },
    column_name: { type: 'varchar', comment: 'one of its columns' },
    data_type: { type: 'varchar', comment: 'the type of that column' },
  },
});
