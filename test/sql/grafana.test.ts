import { expect, test } from 'vitest';
import { questions } from '../../sql/questions.ts';
import { grafanaPanels } from './grafana-panels.ts';
import { ago, aRun, DAY, keptLake, NOW } from './questions/kept.ts';

const { keep, ask, lake } = keptLake();
const LIMITS = { maxRows: 1000, maxLength: 10_000_000, timeoutMs: 10_000 };
const panels = grafanaPanels({ since: ago(30 * DAY), now: NOW });

test.each(panels.map(({ title, sql }) => [title, sql] as const))(
  'the panel "%s" answers what its question answers',
  async (_, sql) => {
    const runs = [1, 2, 3, 4].map((days) =>
      aRun(`r${days}`, days * DAY, { status: days === 2 ? 'FAILED' : 'SUCCESS' }),
    );
    await keep(runs);
    const question = Object.values(questions).find(({ summary }) => sql.startsWith(`-- ${summary}`));
    expect(sql).not.toMatch(/\$[_{]|:[a-z]/);
    const { columns, rows } = await lake().lake.answer(sql, LIMITS);
    const asked = await ask(question?.name ?? '', { since: ago(30 * DAY) });
    expect(rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])))).toEqual(asked);
  },
);
