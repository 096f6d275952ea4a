import type { Told } from '../core/alert/as-of.ts';
import { noticeOf, stormNoticeOf } from '../core/alert/incident-notice.ts';
import type { Notice } from '../core/alert/notice.ts';
import { fallbacksOf, routesOf } from '../core/alert/routes.ts';
import { silenceOf } from '../core/alert/silence.ts';
import { downstreamNames } from '../core/pipelines/dependencies.ts';
import { type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import type { Route } from '../core/pipelines/file-schema.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import { toldRunOf } from '../core/run/told-run.ts';
import { expectationsIn, holdingPipelines, type RememberedPipelines } from './applied-pipelines.ts';
import type { SendNoticesPorts } from './send-notices.ts';
import { listSilences } from './silences.ts';

export interface AlertSendingPorts extends Omit<SendNoticesPorts, 'routesOf' | 'fallbacksOf' | 'send'> {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  /** Where everybody is told as long as the file names no route. */
  readonly otherwise: Readonly<Record<string, Channel>>;
  /** What a route of the file stands for here. */
  readonly channelOf: (route: Route) => Channel;
  /** How the reader of a notice calls the CLI for this ledger. */
  readonly command: string;
  /** Default: the file is read from the store each time. */
  readonly remembered?: RememberedPipelines | undefined;
}

/** What sends notices at this moment: by the routes of the file that holds, and nobody while a silence lasts. */
export async function alertSending(ports: AlertSendingPorts): Promise<SendNoticesPorts> {
  const expectations = expectationsIn(await holdingPipelines(ports));
  const silences = await listSilences(ports.store, ports.clock.now());
  const named = Object.keys(expectations.routes).length > 0;
  const others = Object.keys(ports.otherwise);
  const expectationOf = ({ incident }: Told) =>
    expectationFor(expectations, incident.environment, incident.process_name);
  const channelOf = (name: string): Channel | undefined => {
    const route = expectations.routes[name];
    return route === undefined ? ports.otherwise[name] : ports.channelOf(route);
  };
  return {
    ...ports,
    routesOf: (told) => {
      if (silenceOf(silences, told.incident, told.change.at) !== undefined) return [];
      return named ? routesOf(expectations.routes, expectationOf(told), told) : others;
    },
    fallbacksOf: (told) => [...fallbacksOf(expectations.routes, expectationOf(told), told), ...(named ? others : [])],
    send: async (name, all, note) => {
      const channel = channelOf(name);
      if (channel === undefined) return { channel: name, delivered: false, why: `there is no route ${name} any more` };
      const [told] = all;
      const isOne = all.length === 1 && told !== undefined;
      const notice = isOne ? await oneNotice(ports, told, expectations) : stormNoticeOf(all, ports.command);
      return channel.send(note === undefined ? notice : { ...notice, lines: [note, ...notice.lines] });
    },
  };
}

async function oneNotice(
  { live, command }: AlertSendingPorts,
  { incident, change }: Told,
  expectations: Expectations,
): Promise<Notice> {
  const { environment, process_name } = incident;
  const run_id = incident.run_ids.at(-1);
  const [run] = run_id === undefined ? [] : await live.listRuns({ environment, process_name, run_id, limit: 1 });
  return noticeOf(incident, change, {
    expectation: expectationFor(expectations, environment, process_name),
    command,
    told: run && toldRunOf(run),
    downstream: downstreamNames(expectations, incident),
  });
}
