import { defineQuestion } from '../define-question.ts';
import hop from '../fragments/hop.sql';
import { compose } from '../fragments.ts';
import { atMost, bigint, ofRuns, timestamp, varchar, whichRuns } from './asked.ts';
import lineage from './lineage.sql';
import readsAndWrites from './reads-and-writes.sql';
import staleIfLate from './stale-if-late.sql';

/**
 * Neither engine's recursion serves: Trino's knows no `union` without duplicates, so that a cycle or many ways to one table
 * make it grow without bound, and stops at ten. So the hops are written out, each with what the former reached, once.
 */
const MOST_HOPS = 10;

const hops = (): string =>
  [
    ...Array.from({ length: MOST_HOPS - 1 }, (_, at) =>
      compose(hop.replace(/^--[^\n]*\n/, '').trimEnd(), 'trino', { hop: String(at + 1), hop_before: String(at) }),
    ),
    `hop_last as (\n  select *\n  from hop_${MOST_HOPS - 1}\n)`,
  ].join(',\n');

const { since, environment, process_name } = whichRuns('30d');
const depth = {
  kind: 'integer',
  default: '5',
  comment: 'how many pipelines away at most',
  between: [1, MOST_HOPS],
} as const;

/** What was made of what. */
export const lineageQuestions = [
  defineQuestion({
    name: 'lineage',
    text: lineage,
    fragments: { hops: hops() },
    asks: {
      table: { kind: 'pattern', default: '*', comment: 'from which path on; * stands for any text' },
      direction: {
        kind: 'text',
        default: 'down',
        oneOf: ['up', 'down', 'both'],
        comment: 'up: to what it is made from; down: to what is made from it; or both',
      },
      ...{ depth, since, environment, limit: atMost(10_000, 'edges') },
    },
    columns: {
      direction: varchar('up or down'),
      depth: bigint('how many pipelines away, from 1'),
      ...ofRuns('environment'),
      source_path: varchar('what was read'),
      target_path: varchar('what was written from it'),
      process_name: varchar('the pipeline that did'),
      runs: bigint('how many of its runs did'),
      last_written_at: timestamp('when one last told so'),
    },
  }),
  defineQuestion({
    name: 'stale-if-late',
    text: staleIfLate,
    fragments: { hops: hops() },
    asks: { process_name, depth, since, environment, limit: atMost(10_000, 'rows') },
    columns: {
      ...ofRuns('environment'),
      kind: varchar('table or pipeline'),
      name: varchar('the path of the table, or the pipeline'),
      depth: bigint(
        'of a table: how many pipelines write until it is reached, from 1; of a pipeline: that of the nearest table it reads',
      ),
      through: varchar('of a table: a pipeline that writes it; of a pipeline: the nearest table that it reads'),
      last_written_at: timestamp('of a table: when it was last written'),
    },
  }),
  defineQuestion({
    name: 'reads-and-writes',
    text: readsAndWrites,
    asks: {
      ...whichRuns('7d'),
      path: { kind: 'pattern', default: '*', comment: 'which paths; * stands for any text' },
      limit: atMost(1000, 'rows, the latest'),
    },
    columns: {
      ...ofRuns('environment', 'process_name', 'run_id'),
      start_time: timestamp('when it began'),
      ...ofRuns('status'),
      direction: varchar('read or write'),
      dataset_type: varchar('s3, delta, jdbc, …'),
      path: varchar('what was read or written'),
      written_at: timestamp('of a target: the last event that told of it'),
    },
  }),
];
