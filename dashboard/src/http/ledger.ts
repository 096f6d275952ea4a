import type * as z from 'zod';
import type * as alerts from '../../../adapters/http/alerts-contract.ts';
import type * as contract from '../../../adapters/http/contract.ts';
import type * as recovery from '../../../adapters/http/recovery-contract.ts';
import { pathOf, type Query } from '../router/address.ts';
import { ask } from './ask.ts';

/* What the page asks of a ledger, by the contract that the server checks and the command line shares. */

type Out<T> = T extends z.ZodType<infer Output> ? Output : never;
export type ShownRun = Out<typeof contract.runsAnswer>[number];
export type RunDetail = Out<typeof contract.runAnswer>[number];
export type Step = RunDetail['steps'][number];
export type Summary = Out<typeof contract.summaryAnswer>;
export type Answer = Out<typeof contract.queryAnswer>;
export type Session = contract.Session;
export type Incident = Out<typeof alerts.incidentAnswer>;
export type Slot = Out<typeof alerts.expectedAnswer>[number];
export type Silence = Out<typeof alerts.silencesAnswer>[number];
export type AppliedPipelines = NonNullable<Out<typeof alerts.pipelinesAnswer>['applied']>;
export type Recovery = Out<typeof recovery.decisionsAnswer>[number];
export type ReplayRequest = Out<typeof recovery.planBody>;
export type ReplayPlan = Out<typeof recovery.planAnswer>;
export type AskableQuestion = Out<typeof contract.questionsAnswer>[number];

const api = (path: readonly string[], query: Query = {}): string => pathOf(['api', ...path], query);

export const ledger = {
  session: () => ask<Session>('/api/session'),
  signIn: (token: string) => ask<Session>('/api/session', { method: 'POST', body: { token } }),
  signOut: () => ask<Session>('/api/session', { method: 'DELETE' }),
  runs: (query: Partial<Record<keyof contract.RunsQuery, string | number>>, signal?: AbortSignal) =>
    ask<readonly ShownRun[]>(api(['runs'], query), { signal }),
  show: (run_id: string, query: contract.RunQuery, signal?: AbortSignal) =>
    ask<readonly RunDetail[]>(api(['runs', run_id], query), { signal }),
  summary: (signal?: AbortSignal) => ask<Summary>('/api/summary', { signal }),
  incidents: (query: Partial<Record<keyof alerts.IncidentsQuery, string | number>>, signal?: AbortSignal) =>
    ask<readonly Incident[]>(api(['alerts', 'incidents'], query), { signal }),
  decide: (body: Out<typeof alerts.decisionBody>) =>
    ask<Out<typeof alerts.decisionAnswer>>('/api/alerts/decisions', { method: 'POST', body }),
  silences: (signal?: AbortSignal) => ask<readonly Silence[]>('/api/alerts/silences', { signal }),
  silence: (body: Silence) => ask<unknown>('/api/alerts/silences', { method: 'POST', body }),
  endSilence: (id: string) => ask<unknown>('/api/alerts/silences/end', { method: 'POST', body: { id } }),
  expected: (from: string, until: string, signal?: AbortSignal) =>
    ask<readonly Slot[]>(api(['alerts', 'expected'], { from, until }), { signal }),
  pipelinesFile: (signal?: AbortSignal) => ask<Out<typeof alerts.pipelinesAnswer>>('/api/alerts/pipelines', { signal }),
  decisions: (query: { readonly environment: string; readonly process_name: string }, signal?: AbortSignal) =>
    ask<readonly Recovery[]>(api(['recovery', 'decisions'], { ...query, limit: 100 }), { signal }),
  planReplay: (body: ReplayRequest) => ask<ReplayPlan>('/api/recovery/replays/plan', { method: 'POST', body }),
  replay: (body: Out<typeof recovery.replayBody>) =>
    ask<Out<typeof recovery.restartAnswer>>('/api/recovery/replays', { method: 'POST', body }),
  parked: (signal?: AbortSignal) => ask<Out<typeof contract.parkedAnswer>>('/api/objects/parked', { signal }),
  retry: (objects: readonly string[]) =>
    ask<Out<typeof contract.retryAnswer>>('/api/objects/retry', { method: 'POST', body: { objects } }),
  forget: (body: Out<typeof contract.forgetBody>) => ask<unknown>('/api/objects/forget', { method: 'POST', body }),
  dismiss: (body: Out<typeof contract.dismissBody>) =>
    ask<unknown>('/api/rejections/dismiss', { method: 'POST', body }),
  questions: (signal?: AbortSignal) => ask<readonly AskableQuestion[]>('/api/questions', { signal }),
  tables: (signal?: AbortSignal) => ask<Out<typeof contract.tablesAnswer>>('/api/tables', { signal }),
  /** Lines sent again under the keys of their rejections, one a line. */
  resend: (lines: string) => ask<Out<typeof contract.recordsAnswer>>('/api/records', { method: 'POST', text: lines }),
  query: (sql: string, signal?: AbortSignal, asOf?: string) =>
    ask<Answer>('/query', { method: 'POST', body: { sql }, signal, asOf }),
  question: (name: string, given: Query, signal?: AbortSignal, asOf?: string) =>
    ask<Answer>(api(['questions', name], given), { signal, asOf }),
};
