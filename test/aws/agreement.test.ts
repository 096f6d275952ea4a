import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldRuns } from '../../core/run/run-fold.ts';
import { type RunView, viewOf } from '../../core/run/run-view.ts';
import { derive, insertLines } from '../agreement/derive.ts';
import { handMade } from '../agreement/hand-made.ts';
import { type History, histories } from '../agreement/histories.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { openAwsLake } from './lake.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const sample = [...handMade.map(({ history }) => history), ...histories(300, seed)];

let laptop: TestLake;
let lake: TestLake;
beforeAll(async () => {
  laptop = await openTestLake();
  const aws = await openAwsLake();
  let written: Promise<void> = Promise.resolve();
  lake = {
    ...laptop,
    writeObject: (object, lines) => {
      written = aws.writeObject(object, lines);
    },
    engine: { ...aws.engine, query: async (query, values) => written.then(() => aws.engine.query(query, values)) },
  };
  await insertLines(lake, sample.flat());
});
afterAll(() => laptop.close());

test('the SQL over pipeline_logs on Trino equals viewOf(merge) on the same events', async () => {
  const bySql = await derive(lake.engine);
  for (const history of sample) {
    const [run] = foldRuns(history);
    expect(run && bySql.get(runIdOf(history)), `seed ${seed}: ${JSON.stringify(history, null, 1)}`).toEqual(
      run && (viewOf(run) satisfies RunView),
    );
  }
});

const runIdOf = (history: History): string => history[0]?.run_id ?? '';
