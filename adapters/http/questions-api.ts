import { Hono } from 'hono';
import type * as z from 'zod';
import type { Columns } from '../../core/schema/column-type.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import type { AskQuestion } from '../../ledger/limited-ledger.ts';
import { questions } from '../../sql/questions.ts';
import { typeName } from '../../sql/type-names.ts';
import type { questionsAnswer, tablesAnswer } from './contract.ts';
import { answerJson } from './query.ts';
import type { Theirs } from './theirs.ts';

/**
 * Questions by name. GET /: what there is to ask. GET /:name?…: the `Answer`, with a query parameter for each thing that
 * the question asks; what is not given has its default.
 */
export function questionsApi(theirs: Theirs<AskQuestion>): Hono {
  const api = new Hono();
  api.get('/', (c) => c.json(Object.values(questions).map(shown) satisfies z.output<typeof questionsAnswer>));
  api.get('/:name', async (c) => answerJson(c, await theirs(c)(c.req.param('name'), c.req.query())));
  return api;
}

/** GET /: the tables and views that SQL may ask, and their columns. */
export function tablesApi(): Hono {
  const answer = [...TABLES, ...VIEWS].map(({ name, comment, columns }) => ({
    name,
    comment,
    columns: columnsShown(columns),
  }));
  return new Hono().get('/', (c) => c.json(answer satisfies z.output<typeof tablesAnswer>));
}

const columnsShown = (columns: Columns) =>
  Object.entries(columns).map(([name, { type, comment }]) => ({ name, type: typeName(type, 'trino'), comment }));

const shown = ({ name, summary, asks, columns }: (typeof questions)[string]) => ({
  name,
  summary,
  asks,
  columns: columnsShown(columns),
});
