import { expect, test } from 'vitest';
import { meaningOf } from '../../../core/schema/error-code.ts';
import { ago, aRun, DAY, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

test('failed-today: by when they failed, whenever they began; a lost one by its last event', async () => {
  await keep([
    aRun('began long ago', 3 * DAY, { status: 'FAILED', duration_ms: 2.5 * DAY * 60_000, error_code: 'D201' }),
    aRun('failed yesterday', 1.5 * DAY, { status: 'FAILED' }),
    aRun('lost', 2 * DAY, {
      ...{ status: 'RUNNING', end_time: null, last_event_at: ago(100), lease_expires_at: ago(10) },
      last_event_failed: false,
    }),
    aRun('good', 60),
  ]);
  expect(await ask('failed-today')).toMatchObject([
    { run_id: 'lost', status: 'LOST', failed_at: ago(100), error_class: null, advice: null },
    { run_id: 'began long ago', error_class: 'data', advice: expect.stringContaining('expected schema') },
  ]);
});

test('error-codes: what the taxonomy says of each code, those outside it included', async () => {
  const codes = ['S000', 'S099', 'S100', 'S499', 'S500', 'I000', 'I999', 'T100', 'T199', 'T200', 'D202', 'C301'];
  const odd = ['R401', 'U900', 'E3001', 'T1:0', 'T10', 'T1000', 't101', '', "o'x", 'T10\n'];
  const all = [...codes, ...odd];
  await keep([
    ...all.map((error_code, at) => aRun(`r${at}`, at + 1, { status: 'FAILED', error_code })),
    aRun('again', 90, { status: 'TIMED_OUT', error_code: 'T100', process_name: 'bills' }),
    aRun('untold', 91, { status: 'FAILED' }),
  ]);
  const rows = await ask('error-codes');
  expect(rows[0]).toMatchObject({ error_code: 'T100', failures: 2, pipelines: 2, last_run_id: 'r7' });
  expect(rows.at(-1)).toMatchObject({ error_code: null, error_class: null, last_run_id: 'untold' });
  const said = Object.fromEntries(rows.map((row) => [row.error_code, [row.error_class, row.advice]]));
  for (const code of all) {
    const { class: name, advice } = meaningOf(code);
    expect([code, ...(said[code] ?? [])]).toEqual([code, name, advice]);
  }
});
