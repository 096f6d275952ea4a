import { Hono } from 'hono';
import type * as z from 'zod';
import type { Clock } from '../../core/ports/clock.ts';
import type { LedgerApi } from '../../ledger/api.ts';
import { questions, questionText } from '../../sql/questions.ts';
import { typeName } from '../../sql/type-names.ts';
import type { questionsAnswer } from './contract.ts';
import { answerJson } from './query.ts';

/**
 * Questions by name. GET /: what there is to ask. GET /:name?…: the `Answer`, with a query parameter for each thing that
 * the question asks; what is not given has its default.
 */
export function questionsApi(ledger: Pick<LedgerApi, 'query'>, clock: Clock): Hono {
  const api = new Hono();
  api.get('/', (c) => c.json(Object.values(questions).map(shown) satisfies z.output<typeof questionsAnswer>));
  api.get('/:name', async (c) => {
    const text = questionText(c.req.param('name'), c.req.query(), clock.now());
    return answerJson(c, await ledger.query(text));
  });
  return api;
}

const shown = ({ name, summary, asks, columns }: (typeof questions)[string]) => ({
  name,
  summary,
  asks,
  columns: Object.entries(columns).map(([column, { type, comment }]) => ({
    name: column,
    type: typeName(type, 'trino'),
    comment,
  })),
});
