import type * as z from 'zod';
import { deliverySchema } from '../../core/ports/channel.ts';
import type { LedgerAlerts } from '../../ledger/alerts.ts';
import * as contract from './alerts-contract.ts';
import { queryOf } from './query-text.ts';

export type Ask = <T>(
  method: 'GET' | 'POST',
  path: string,
  schema: z.ZodType<T>,
  init?: { readonly body?: string },
) => Promise<T>;

/** The alerts of a ledger that another process serves. */
export const remoteAlerts = (ask: Ask): LedgerAlerts => ({
  incidents: (filter) =>
    ask('GET', `/api/alerts/incidents${queryOf<contract.IncidentsQuery>({ ...filter })}`, contract.incidentsAnswer),
  decide: async (decision) =>
    (await ask('POST', '/api/alerts/decisions', contract.decisionAnswer, { body: JSON.stringify(decision) }))
      .incident ?? undefined,
  silences: () => ask('GET', '/api/alerts/silences', contract.silencesAnswer),
  silence: async (silence) => {
    await ask('POST', '/api/alerts/silences', contract.silencedAnswer, { body: JSON.stringify(silence) });
  },
  endSilence: async (id, who) =>
    (await ask('POST', '/api/alerts/silences/end', contract.endedAnswer, { body: JSON.stringify({ id, who }) })).ended,
  expected: (from, until) => ask('GET', `/api/alerts/expected${queryOf({ from, until })}`, contract.expectedAnswer),
  pipelines: async () => (await ask('GET', '/api/alerts/pipelines', contract.pipelinesAnswer)).applied ?? undefined,
  restoreIncidents: () => ask('POST', '/api/alerts/incidents/restore', contract.restoredAnswer),
  testRoute: (route) => ask('POST', '/api/alerts/routes/test', deliverySchema, { body: JSON.stringify({ route }) }),
  applyPipelines: (text, who) =>
    ask('POST', '/api/alerts/pipelines', contract.applyAnswer, { body: JSON.stringify({ text, who }) }),
});
