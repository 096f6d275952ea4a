import { TABLES } from '../core/schema/columns.ts';
import { defineQuery } from './define-query.ts';

/** The tables, each with the statements that keep it small. `before` and `from` are lists of one date each. */
export const MAINTAINED = TABLES.map(({ name, partitionedBy: day }) => ({
  table: name,
  // OPTIMIZE and VACUUM are Athena's own statements; each fails in a known way when it has to run again.
  optimize: defineQuery({
    name: `optimize_${name}`,
    text: `optimize ${name} rewrite data using bin_pack\nwhere ${day} >= :from and ${day} < :before`,
    parameters: { from: 'dates', before: 'dates' },
    columns: {},
  }),
  expire: defineQuery({
    name: `expire_${name}`,
    text: `delete from ${name}\nwhere ${day} < :before`,
    parameters: { before: 'dates' },
    columns: {},
  }),
  vacuum: defineQuery({ name: `vacuum_${name}`, text: `vacuum ${name}`, parameters: {}, columns: {} }),
}));
