import { HttpError } from '../adapters/http/http-error.ts';
import { jwtCaller, NO_TOKENS } from '../adapters/http/jwt-caller.ts';
import { lambdaAnswers } from '../adapters/http/lambda.ts';
import type { Page } from '../adapters/http/page.ts';
import { maskOf } from '../core/mask/mask.ts';
import type { BilledAnswers } from '../core/ports/billed-answers.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { NamedTokens } from '../core/ports/named-tokens.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { PipelineWatches } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import type { SessionStore } from '../core/ports/session-store.ts';
import { listRuns, showRun } from '../flows/answer.ts';
import { expectationsIn, holdingPipelines } from '../flows/applied-pipelines.ts';
import { decideIncident } from '../flows/decide-incident.ts';
import { dismissRejections } from '../flows/dismiss.ts';
import { expectedSlots } from '../flows/expected.ts';
import { parkedObjects } from '../flows/retry-objects.ts';
import { addSilence, endSilence, listSilences } from '../flows/silences.ts';
import type { LedgerAlerts } from '../ledger/alerts.ts';
import type { LedgerRecovery } from '../ledger/recovery.ts';
import { ownedIn } from './limited.ts';
import { pageApp } from './page.ts';
import type { Report } from './report.ts';

export interface PageApiPorts {
  readonly live: LiveStore;
  readonly incidents: IncidentStore;
  readonly watches: PipelineWatches;
  readonly recoveries: RecoveryStore;
  readonly store: ObjectStore;
  readonly answers: BilledAnswers;
  readonly tokens: NamedTokens;
  readonly sessions: SessionStore;
  readonly page: Page;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
  /** Of pipelines for which the file names none. */
  readonly environment: string;
  readonly where: string;
  readonly bucket: string;
  readonly scanLimitBytes: number;
  /** Where an authorizer lets callers in by a JWT: the group, role or scope of those who may operate. */
  readonly jwt: { readonly operators?: string | undefined } | undefined;
  readonly report: Report;
}

/** API Gateway waits for 30 s; what is left is for the rows. */
const WAIT_MS = 18_000;
/** Packed, they are a tenth; Lambda answers 6 MB at most. */
const LIMITS = { waitMs: WAIT_MS, maxRows: 50_000, maxLength: 8 * 1024 * 1024 };

/** The page as API Gateway asks for it: it looks, and decides about incidents, silences and rejections. */
export const openPageApi = (ports: PageApiPorts) => lambdaAnswers(pageApiApp(ports));

export function pageApiApp(ports: PageApiPorts): ReturnType<typeof pageApp> {
  const { live, store, clock, answers, page, sessions, jwt, report } = ports;
  return pageApp(
    {
      ledger: {
        runs: (filter) => listRuns(live, filter, clock.now()),
        show: (filter) => showRun(live, filter, clock.now()),
        parkedObjects: () => parkedObjects(live),
        dismiss: (dismissal) => dismissRejections({ store, clock, mask: maskOf() }, dismissal),
        alerts: alertsOf(ports),
        recovery: recoveryOf(ports),
      },
      ...{ live, answers, page, clock },
      owned: ownedIn(ports),
      // Athena knows the function alone: who asked it is in its log.
      onAsked: (asked) =>
        report('asked', {
          ...asked,
          caller: asked.caller ?? '',
          source: asked.source ?? '',
          user_agent: asked.user_agent ?? '',
        }),
    },
    {
      ...{ clock, sessions, limits: LIMITS, where: ports.where, bucket: ports.bucket },
      scanLimitBytes: ports.scanLimitBytes,
      sign_in: jwt === undefined ? 'cookie' : 'bearer',
      tokens: jwt === undefined ? ports.tokens : NO_TOKENS,
      ...(jwt && { callerBefore: jwtCaller(jwt.operators) }),
      allowedHosts: 'any',
      onFailure: (error, request) => report('could not be answered', { request }, [error]),
    },
  );
}

/** What is wrong and what people decide. What changes more than that is for the command line, whose user AWS knows. */
function alertsOf(ports: PageApiPorts): LedgerAlerts {
  const { incidents, store, clock } = ports;
  return {
    incidents: (filter) => incidents.listIncidents(filter),
    decide: (decision) => decideIncident(ports, decision),
    silences: () => listSilences(store, clock.now()),
    silence: (silence) => addSilence(ports, silence, clock.now()),
    endSilence: (id, who) => endSilence(ports, id, clock.now(), who),
    expected: async (from, until) =>
      expectedSlots(
        { ...ports, expectations: expectationsIn(await holdingPipelines(ports)) },
        from,
        until,
        clock.now(),
      ),
    pipelines: () => holdingPipelines(ports),
    ...{ restoreIncidents: refused, testRoute: refused, applyPipelines: refused },
  };
}

/** What was decided about failed runs. Runs are started by who may call the function that starts them. */
const recoveryOf = ({ recoveries }: PageApiPorts): LedgerRecovery => ({
  list: (filter) => recoveries.listRecoveries(filter),
  ...{ planReplay: refused, replay: refused, start: refused, restore: refused },
  ...{ watermark: refused, setWatermark: refused, watermarkHistory: refused },
});

const refused = async (): Promise<never> => {
  throw new HttpError(
    403,
    'forbidden',
    'expected a look, or a decision about an incident, a silence or a rejection: the page of this ledger does nothing else; use `runledger --aws`',
  );
};
