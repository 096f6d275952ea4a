import type { Told } from '../core/alert/as-of.ts';
import { type IncidentNotice, noticeOf, stormNoticeOf } from '../core/alert/incident-notice.ts';
import { routesOf } from '../core/alert/routes.ts';
import { silenceOf } from '../core/alert/silence.ts';
import { expectationFor } from '../core/pipelines/expectations.ts';
import type { Route } from '../core/pipelines/file-schema.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import { viewOf } from '../core/run/run-view.ts';
import { appliedPipelines, expectationsIn } from './applied-pipelines.ts';
import type { SendNoticesPorts } from './send-notices.ts';
import { listSilences } from './silences.ts';

export interface AlertSendingPorts extends Omit<SendNoticesPorts, 'routesOf' | 'send'> {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  /** Where everybody is told as long as the file names no route. */
  readonly otherwise: Readonly<Record<string, Channel<IncidentNotice>>>;
  /** What a route of the file stands for here. */
  readonly channelOf: (route: Route) => Channel<IncidentNotice>;
  /** How the reader of a notice calls the CLI for this ledger. */
  readonly command: string;
}

/** What sends notices at this moment: by the routes of the file that holds, and nobody while a silence lasts. */
export async function alertSending(ports: AlertSendingPorts): Promise<SendNoticesPorts> {
  const expectations = expectationsIn(await appliedPipelines(ports.store));
  const silences = await listSilences(ports.store, ports.clock.now());
  const named = Object.keys(expectations.routes).length > 0;
  const expectationOf = ({ incident }: Told) =>
    expectationFor(expectations, incident.environment, incident.process_name);
  const channelOf = (name: string): Channel<IncidentNotice> | undefined => {
    const route = expectations.routes[name];
    return route === undefined ? ports.otherwise[name] : ports.channelOf(route);
  };
  return {
    ...ports,
    routesOf: (told) => {
      if (silenceOf(silences, told.incident, told.change.at) !== undefined) return [];
      return named ? routesOf(expectations.routes, expectationOf(told), told) : Object.keys(ports.otherwise);
    },
    send: async (name, all) => {
      const channel = channelOf(name);
      if (channel === undefined) return { channel: name, delivered: false, why: `there is no route ${name} any more` };
      const [told] = all;
      const isOne = all.length === 1 && told !== undefined;
      return channel.send(
        isOne ? await oneNotice(ports, told, expectationOf(told)) : stormNoticeOf(all, ports.command),
      );
    },
  };
}

async function oneNotice(
  { live, command }: AlertSendingPorts,
  { incident, change }: Told,
  expectation: ReturnType<typeof expectationFor>,
): Promise<IncidentNotice> {
  const { environment, process_name } = incident;
  const run_id = incident.run_ids.at(-1);
  const [run] = run_id === undefined ? [] : await live.listRuns({ environment, process_name, run_id, limit: 1 });
  return noticeOf(incident, change, { expectation, command, run: run && viewOf(run).run });
}
