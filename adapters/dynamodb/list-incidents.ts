import { type Incident, unsentSince } from '../../core/alert/incident.ts';
import type { IncidentFilter } from '../../core/ports/incident-store.ts';
import type { TableAccess } from './access.ts';
import { type IncidentItem, incidentIn, listPosition, pipelinePartition } from './incident-item.ts';
import type { ItemQuery } from './items.ts';
import { type Asked, readFound } from './read-found.ts';
import { NEVER } from './run-item.ts';

const ENTRIES_PER_PAGE = 1000;

const read = (access: TableAccess, query: ItemQuery, asked: Asked<Incident>): Promise<readonly Incident[]> =>
  readFound<IncidentItem, Incident>(access, query, incidentIn, asked);

/**
 * The latest incidents. An index lags behind a write by moments, so an incident may still be listed where it was; its
 * content is always read from the table itself, as it is now. Of a pipeline without an open one this is half a read unit.
 */
export async function listIncidents(access: TableAccess, filter: IncidentFilter): Promise<readonly Incident[]> {
  const found = new Map<string, Incident>();
  for (const state of filter.open ? (['open'] as const) : (['open', 'resolved'] as const)) {
    const isAskedFor = (each: Incident) => fits(each, filter);
    const pageSize = filter.environment === undefined ? filter.limit : ENTRIES_PER_PAGE;
    for (const each of await read(access, entriesOf(state, filter), { ...filter, pageSize, isAskedFor }))
      found.set(each.id, each);
  }
  return [...found.values()].sort((a, b) => (a.detected_at < b.detected_at ? 1 : -1)).slice(0, filter.limit);
}

/** Those that wait for a notice to be sent, the longest waiting first. */
export async function unsentIncidents(access: TableAccess, limit: number): Promise<readonly Incident[]> {
  const waiting: ItemQuery = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :incident',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':incident': 'incident' },
  };
  const isAskedFor = (each: Incident) => unsentSince(each) !== undefined;
  const found = await read(access, waiting, { limit, pageSize: limit, isAskedFor });
  return [...found].sort((a, b) => ((unsentSince(a) ?? '') < (unsentSince(b) ?? '') ? -1 : 1));
}

function entriesOf(state: 'open' | 'resolved', { environment, process_name, since = '' }: IncidentFilter): ItemQuery {
  const [index, partitionKey, partition] =
    process_name === undefined
      ? (['runs_by_start', 'kind', 'incident'] as const)
      : (['runs_of_process', 'process_name', pipelinePartition(process_name)] as const);
  return {
    IndexName: index,
    ScanIndexForward: false,
    KeyConditionExpression: `${partitionKey} = :partition and start_time between :from and :until`,
    ...(environment === undefined ? {} : { FilterExpression: 'environment = :environment' }),
    ExpressionAttributeValues: {
      ':partition': partition,
      ':from': listPosition(state, since),
      ':until': listPosition(state, NEVER),
      ...(environment === undefined ? {} : { ':environment': environment }),
    },
  };
}

const fits = ({ environment, process_name, status, detected_at }: Incident, filter: IncidentFilter): boolean =>
  (filter.environment === undefined || environment === filter.environment) &&
  (filter.process_name === undefined || process_name === filter.process_name) &&
  (!filter.open || status !== 'resolved') &&
  (filter.since === undefined || detected_at >= filter.since);
