import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldRuns } from '../../core/run/run-fold.ts';
import { type RunView, viewOf } from '../../core/run/run-view.ts';
import type { Event } from '../../core/schema/event.ts';
import { derive, insertLines } from './derive.ts';
import { handMade } from './hand-made.ts';
import { histories } from './histories.ts';
import { openTestLake, type TestLake } from './lake.ts';
import { mutations } from './mutations.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
/** Known to tell every mutation; a fresh sample may by chance lack the one history that does. */
const TELLING = 20_260_101;
const sample = [...handMade.map(({ history }) => history), ...histories(1500, TELLING), ...histories(1500, seed)];

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
  await insertLines(lake, sample.flat());
});
afterAll(() => lake.close());

/** What `viewOf(merge(…))` says of each run, by run_id. */
const byFold: ReadonlyMap<string, RunView> = new Map(
  sample.map((history) => [runIdOf(history), viewOf(folded(history))]),
);

test('the SQL over pipeline_logs equals viewOf(merge) on the same events', async () => {
  const bySql = await derive(lake.engine);
  for (const history of sample) {
    const id = runIdOf(history);
    expect(bySql.get(id), `seed ${seed}: ${JSON.stringify(history, null, 1)}`).toEqual(byFold.get(id));
  }
});

test.each(handMade)('$name: $status', ({ status, history }) => {
  expect(byFold.get(runIdOf(history))?.run.status).toBe(status);
});

describe('a single rule of the SQL changed is caught', () => {
  test.each(mutations)('$rule', async ({ from, to }) => {
    let found = 0;
    const bySql = await derive(lake.engine, (text) => {
      if (text.includes(from)) found += 1;
      return text.replaceAll(from, to);
    });
    expect(found, 'the rule stands in the SQL').toBeGreaterThan(0);
    const different = [...byFold].filter(([id, view]) => JSON.stringify(bySql.get(id)) !== JSON.stringify(view));
    expect(different.length, `seed ${seed}`).toBeGreaterThan(0);
  });
});

function folded(history: readonly Event[]) {
  const [run] = foldRuns(history);
  if (!run) throw new Error('a history has events');
  return run;
}

function runIdOf(history: readonly Event[]): string {
  return history[0]?.run_id ?? '';
}
