import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Told } from '../../core/alert/as-of.ts';
import { type Incident, judged, type Subject } from '../../core/alert/incident.ts';
import { expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { decideIncident } from '../../flows/decide-incident.ts';
import { recordSlots } from '../../flows/record-slots.ts';
import { sendNotices } from '../../flows/send-notices.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;

/**
 * What the flows write of a slot that was late, taken on and then good, of a failed run, and of a day's slots: lines by the
 * key of their object.
 */
export async function alertFiles(): Promise<readonly (readonly [key: string, lines: readonly string[]])[]> {
  const incidents = fakeIncidentStore();
  const objects = aStore();
  let now = at('00:00');
  const clock = { now: () => now };
  const ports = { incidents, store: objects, clock, hash: contentHash, notificationLog: aNotificationLog() };

  const late: Subject = { environment: 'prod', process_name: 'orders', slot: at('02:00') };
  const failed: Subject = { environment: 'prod', process_name: 'it\'s "new"', slot: 'run a' };
  const judge = (subject: Subject, moment: string, condition?: object) => {
    now = moment;
    const verdict = {
      conditions: condition === undefined ? [] : [condition as never],
      isGood: condition === undefined,
    };
    return incidents.changeIncident(subject, (stored) => judged(stored, subject, verdict, { now, holdMs: 0 }));
  };
  const send = () =>
    sendNotices({
      ...ports,
      routesOf: () => ['ops', 'page'],
      send: async (route: string, told: readonly Told[]) =>
        route === 'page'
          ? { channel: 'pagerduty', delivered: false, why: 'expected 202, got 500' }
          : { channel: 'webhook', delivered: true, message_id: `m ${told[0]?.incident.id}` },
    });
  const missing = { reason: 'NOT_STARTED', severity: 'P2', occurred_at: at('02:10'), text: 'was expected' };
  await judge(late, at('02:11'), missing);
  await judge(failed, at('03:00'), {
    reason: 'FAILED',
    severity: 'P1',
    occurred_at: at('02:50'),
    text: 'failed',
    run_id: 'a',
  });
  await send();
  now = at('03:05');
  const [first] = await incidents.listIncidents({ process_name: 'orders', limit: 1 });
  await decideIncident(ports, { id: (first as Incident).id, decision: 'acknowledge', who: 'ann', why: 'on it' });
  await send();
  await judge(late, at('04:10'));
  await send();

  const live = openLiveStore(':memory:');
  const file = 'version: 1\npipelines: { orders: { environment: prod, schedule: { cron: "0 2,20 * * *" } } }\n';
  const { file: read } = readFile(file);
  if (read === undefined) throw new Error('the file is wrong');
  await trackRuns(
    live,
    foldRuns([
      anEvent({ process_name: 'orders', run_id: 'b', event_time: at('03:50'), start_time: at('03:50') }),
      anEvent({
        ...{ process_name: 'orders', run_id: 'b', event_id: 'end', event_type: 'RUN_END', status: 'SUCCESS' },
        ...{ event_time: at('04:10'), end_time: at('04:10') },
      }),
    ]),
  );
  const expectations = expectationsOf(read, () => []);
  const expected = { live, watches: fakePipelineWatches(), expectations, environment: 'prod', store: objects };
  await recordSlots(expected, at('05:00'));
  await live.close();
  return [...objects.objects].map(([key, content]) => [key, String(content).trimEnd().split('\n')]);
}
