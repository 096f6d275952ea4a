import { expect, test } from 'vitest';
import { openNotificationLog } from '../../../adapters/dynamodb/notification-log.ts';
import { openWriterLease } from '../../../adapters/dynamodb/writer-lease.ts';
import { track } from '../../contracts/live-store/runs.ts';
import { mockedTable, refusal } from './fakes.ts';

test.each([
  ['ProvisionedThroughputExceededException', 'It was throttled for too long: try again later'],
  ['ThrottlingException', 'It was throttled for too long: try again later'],
  ['AccessDeniedException', 'Allow this role to read and write the table, its indexes and its key.'],
  ['ResourceNotFoundException', 'deploy the stack that makes it'],
  ['ValidationException', 'deploy the stack again'],
  ['InternalServerError', 'Try again; what was written before stays'],
])('%s is explained, whatever was asked of the table', async (name, advice) => {
  const { mock, store, settings } = mockedTable();
  mock.onAnyCommand().rejects(refusal(name));
  const now = '2025-11-03T12:00:00.000Z';
  for (const asked of [
    track(store, {}),
    store.listRuns({ limit: 1 }),
    store.dueRuns(now, 1),
    store.recordObjects([{ object: 'raw/dt=2025-11-03/a', lines: 1, size_bytes: 1 }]),
    store.objectsAt('tracked', {}),
    store.addDueDays(['2025-11-03']),
    store.summary(),
    openNotificationLog(settings).has('a'),
    openNotificationLog(settings).claim('a', now, 1),
    openWriterLease(settings).acquire('pipeline_logs', 'me', 0, 1),
  ]) {
    const failure = await asked.then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).toContain(`Expected the table ledger to answer, got ${name}: refused.`);
    expect(failure).toContain(advice);
  }
});
