import { expect, test } from 'vitest';
import { apiOf } from '../../../adapters/http/api.ts';
import { questionsAnswer } from '../../../adapters/http/contract.ts';
import { aLedger, anAnswer } from '../../cli/fakes.ts';
import { anApp, errorOf } from './fakes.ts';

const clock = { now: () => '2026-11-30T12:00:00.000Z' };
const answer = anAnswer(['process_name'], ['daily orders']);

function served() {
  const ledger = aLedger({ query: async () => answer });
  return { ledger, app: anApp({ api: apiOf(ledger, clock) }).app };
}

test('a question is asked by its name, at the time of asking', async () => {
  const { ledger, app } = served();
  const response = await app.request('/api/questions/failures-in-7-days');
  expect([response.status, await response.json()]).toEqual([200, answer]);
  expect(ledger.calls).toEqual([['query', expect.stringContaining("timestamp '2026-11-30 12:00:00.000'")]]);
});

test.each([
  [
    '/api/questions/failure-in-7-days',
    'there is no question named failure-in-7-days; did you mean failures-in-7-days?',
  ],
  ['/api/questions/running-now?days=7', 'running-now: expected no parameter, got "days"'],
])('%s is refused', async (path, message) => {
  const { ledger, app } = served();
  const response = await app.request(path);
  expect([response.status, await errorOf(response)]).toEqual([400, { code: 'refused', message }]);
  expect(ledger.calls).toEqual([]);
});

test('what there is to ask is listed, with what each answers', async () => {
  const response = await served().app.request('/api/questions');
  const listed = questionsAnswer.parse(await response.json());
  expect(listed[0]).toMatchObject({
    name: 'failures-in-7-days',
    summary: 'Which pipelines failed most in the last seven days, and of what.',
    asks: {},
  });
  expect(listed[0]?.columns[0]).toEqual({ name: 'environment', type: 'varchar', comment: expect.any(String) });
});
