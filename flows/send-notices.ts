import type { Told } from '../core/alert/as-of.ts';
import { type IncidentChange, sent, unsentChanges } from '../core/alert/incident.ts';
import { incidentLine, incidentLineKey } from '../core/alert/incident-log.ts';
import { newsWithout, toldOfNews } from '../core/alert/run-news.ts';
import { epochMsOf } from '../core/instant.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { PipelineWatches, Watch } from '../core/ports/pipeline-watches.ts';
import { type Delivered, type DeliverPorts, deliver } from './deliver.ts';

export interface SendNoticesPorts extends DeliverPorts {
  readonly incidents: IncidentStore;
}

/** What became of the notices that waited. */
export interface SentNotices extends Omit<Delivered, 'isDelivered'> {
  readonly incidents: number;
}

const MAX_INCIDENTS = 1000;
/** A change that no route took for a day leaves the outbox: its receipts say why. 24 h. */
const GIVEN_UP_MS = 86_400_000;

/** Tells what has yet to be told. A change stays in the outbox until each of its routes has it. */
export async function sendNotices(ports: SendNoticesPorts): Promise<SentNotices> {
  const waiting = await ports.incidents.unsentIncidents(MAX_INCIDENTS);
  const all: readonly Told[] = waiting.flatMap(unsentChanges);
  for (const told of all) await logChange(ports, told);
  const { isDelivered, ...counts } = await deliver(ports, all);
  const isGivenUp = ({ at }: IncidentChange): boolean => epochMsOf(ports.clock.now()) - epochMsOf(at) > GIVEN_UP_MS;
  const done = all.filter((told) => isDelivered(told) || isGivenUp(told.change));
  for (const [id, changes] of Map.groupBy(done, ({ incident }) => incident.id)) {
    const [first] = changes;
    const numbers = changes.map(({ change }) => change.number);
    if (first !== undefined)
      await ports.incidents.changeIncident(first.incident, (stored) => stored && sent(stored, id, numbers));
  }
  return { incidents: waiting.length, ...counts };
}

/** Tells of runs that started or succeeded, where the file asks for it. `watches` are those that have such news. */
export async function sendNews(
  { watches, ...ports }: DeliverPorts & { readonly watches: Pick<PipelineWatches, 'changeWatch'> },
  withNews: readonly Watch[],
): Promise<Omit<Delivered, 'isDelivered'>> {
  const all = withNews.flatMap((watch) => (watch.news ?? []).map((one) => toldOfNews(watch, one)));
  const { isDelivered, ...counts } = await deliver(ports, all);
  const isDone = (watch: Watch, one: NonNullable<Watch['news']>[number]): boolean =>
    isDelivered(toldOfNews(watch, one)) || epochMsOf(ports.clock.now()) - epochMsOf(one.at) > GIVEN_UP_MS;
  for (const watch of withNews) {
    const done = (watch.news ?? []).filter((one) => isDone(watch, one));
    if (done.length === 0) continue;
    await watches.changeWatch(watch, (stored) => {
      const { news: _, ...rest } = stored ?? watch;
      const left = newsWithout(stored?.news ?? [], done);
      return left.length === 0 ? rest : { ...rest, news: left };
    });
  }
  return counts;
}

async function logChange({ store, hash }: SendNoticesPorts, told: Told): Promise<void> {
  const key = incidentLineKey(told.incident, told.change.number, hash);
  await store.put(key, `${JSON.stringify(incidentLine(told))}\n`);
}
