import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { appliedPipelines } from '../../flows/applied-pipelines.ts';
import { handlerOf } from '../../lambdas/apply-pipelines.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport } from './fakes.ts';

const GOOD = 'version: 1\npipelines: { nightly: { schedule: { cron: "0 2 * * *" } } }\n';
const NOW = '2025-11-03T12:00:00.000Z';

let file: string;
let ports: ReturnType<typeof aWorld>;
function aWorld() {
  const live = aLiveStore();
  onTestFinished(() => live.close());
  return {
    ...judging(),
    ...{ live, store: aStore(), clock: aClock(NOW), report: aReport(), environment: 'prod' },
    hash: contentHash,
    holidays: async () => ({ datesOf: () => [] }),
    fileOf: async (bucket: string, key: string) => (bucket === 'assets' && key === 'a1b2.yaml' ? file : ''),
  };
}
beforeEach(() => {
  file = GOOD;
  ports = aWorld();
});
const deploy = (RequestType: 'Create' | 'Update' | 'Delete') =>
  handlerOf(ports)({
    RequestType,
    ResourceProperties: { ServiceToken: 'arn', path: 'ops/pipelines.yaml', bucket: 'assets', key: 'a1b2.yaml' },
  });

test('a deployment lets its file hold, and its pipelines be watched', async () => {
  expect(await deploy('Create')).toEqual({ PhysicalResourceId: 'ledger-pipelines' });
  expect(await appliedPipelines(ports.store)).toMatchObject({ applied_at: NOW, text: GOOD });
  expect(await ports.watches.listWatches()).toMatchObject([{ environment: 'prod', process_name: 'nightly' }]);
  expect(ports.report.lines).toMatchObject([{ what: 'applied', counts: { pipelines: 1 } }]);
});

test('a file with a problem fails the deployment by its line, and the one before holds', async () => {
  await deploy('Create');
  file = GOOD.replace('0 2 * * *', '0 25 * * *');
  await expect(deploy('Update')).rejects.toThrow(
    /^ops\/pipelines\.yaml:2:\d+ pipelines\.nightly\.schedule\.cron: expected/,
  );
  expect((await appliedPipelines(ports.store))?.text).toBe(GOOD);
});

test('a deployment without the file any more leaves it', async () => {
  await deploy('Create');
  await deploy('Delete');
  expect((await appliedPipelines(ports.store))?.text).toBe(GOOD);
});
