import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRun, unpackRun } from '../../adapters/dynamodb/run-codec.ts';
import { nextRunItem } from '../../adapters/dynamodb/run-item.ts';
import { chatMessage } from '../../adapters/sns/chat-message.ts';
import { emailMessage } from '../../adapters/sns/email-message.ts';
import { incidentDataOf } from '../../core/alert/incident-data.ts';
import { noticeOf } from '../../core/alert/incident-notice.ts';
import { NOTHING_EXPECTED } from '../../core/pipelines/expectations.ts';
import { indexOf } from '../../core/run/run-index.ts';
import { viewOf } from '../../core/run/run-view.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { land, objectLanding } from '../../flows/land.ts';
import { handlerOf as checkOf } from '../../lambdas/check-deadlines.ts';
import { handlerOf as trackOf } from '../../lambdas/track-runs.ts';
import { extremeLine } from '../extreme-events.ts';
import { aBus } from '../fakes/bus.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport, settings } from './fakes.ts';

const RECEIVED = '2025-11-03T12:30:00.000Z';
const SNS_BYTES = 262_144;
const DYNAMODB_BYTES = 400 * 1024;

const ordinary = ['good', 'bad'].map((run_id) =>
  JSON.stringify({
    ...{ process_name: 'ordinary', run_id, event_type: 'RUN_END', created_at: '2025-11-03T12:00:00.000Z' },
    status: run_id === 'good' ? 'SUCCESS' : 'FAILED',
  }),
);

test('whatever an event says, every function goes on, and the runs beside it stand right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(extremeLine(), { minLength: 50, maxLength: 100 }), async (lines) => {
      const store = aStore();
      const live = aLiveStore();
      const bus = aBus();
      const report = aReport();
      const batch = acceptRecords([Buffer.from([...lines, ...ordinary].join('\n'))], RECEIVED, settings);
      await land(objectLanding(store, settings.hash, ['record'], [RECEIVED]), batch);
      const objects = [...store.objects.keys()].filter((key) => key.startsWith('raw/'));
      const ports = { ...judging(), store, live, bus, report };
      const body = (key: string) => ({
        Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'lake' }, object: { key, size: 9 } } }],
      });
      const messages = objects.map((key) => ({
        messageId: key,
        receiptHandle: `receipt of ${key}`,
        attributes: { ApproximateReceiveCount: '1' },
        body: JSON.stringify(body(encodeURIComponent(key))),
      }));
      const track = trackOf({ ...ports, retryMessages: async () => undefined, clock: { now: () => RECEIVED } });
      expect(await track({ Records: messages })).toEqual({ batchItemFailures: [] });
      expect(report.lines[0]).toMatchObject({ errors: [], counts: { events: batch.events.length, parked: 0 } });
      for (const now of [RECEIVED, '2026-11-03T00:00:00.000Z', '2101-12-31T00:00:00.000Z'])
        await checkOf({ ...ports, clock: { now: () => now }, beat: async () => undefined })();

      const runs = await live.listRuns({ limit: 10_000 });
      for (const run of runs) {
        expect(unpackRun(packRun(run)).run_id).toBe(run.run_id);
        const item = nextRunItem(undefined, run, indexOf(run), 1);
        expect(Buffer.byteLength(JSON.stringify({ ...item, run: '' })) + (item?.run.length ?? 0)).toBeLessThan(
          DYNAMODB_BYTES,
        );
      }
      const stood = runs.filter(({ process_name }) => process_name === 'ordinary');
      expect(stood.map(({ opened }) => Object.keys(opened?.work.statuses ?? {})).sort()).toEqual([
        ['FAILED'],
        ['SUCCESS'],
      ]);
      const incidents = await ports.incidents.listIncidents({ limit: 10_000 });
      expect(incidents.map(({ slot }) => slot)).toContain('run bad');
      for (const incident of incidents) {
        expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(DYNAMODB_BYTES);
        const run = runs.find(({ run_id }) => run_id === incident.run_ids.at(-1));
        for (const change of incident.outbox) {
          const facts = {
            expectation: NOTHING_EXPECTED.otherwise,
            command: 'runledger --aws',
            run: run && viewOf(run).run,
          };
          const notice = noticeOf(incident, change, facts);
          expect(Buffer.byteLength(emailMessage(notice).body)).toBeLessThanOrEqual(SNS_BYTES);
          expect(Buffer.byteLength(chatMessage(notice))).toBeLessThanOrEqual(SNS_BYTES);
          expect(Buffer.byteLength(JSON.stringify(incidentDataOf({ incident, change })))).toBeLessThan(SNS_BYTES);
        }
      }
      await live.close();
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 180_000);
