import { createApp } from '../adapters/http/app.ts';
import { lambdaAnswers } from '../adapters/http/lambda.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { NamedTokens } from '../core/ports/named-tokens.ts';
import { type JoinNotedPorts, joinNotedRun } from '../flows/join-noted-run.ts';
import { openPings } from '../flows/ping.ts';
import { sendChecked } from '../flows/send-checked.ts';
import { VERSION } from '../ledger/version.ts';
import { limitedTo, type OwnedLedgerPorts, ownersOf } from './limited.ts';
import type { Report } from './report.ts';

export interface HttpApiPorts extends JoinNotedPorts, OwnedLedgerPorts {
  /** Firehose, which accepts lines later. */
  readonly sink: EventSink;
  readonly settings: AcceptSettings;
  readonly tokens: NamedTokens;
  readonly report: Report;
}

/**
 * The ledger over HTTP as API Gateway asks for it: the routes of a served ledger that this function has ports for. Read it
 * beside `local/server.ts`.
 */
export const openHttpApi = (ports: HttpApiPorts) => lambdaAnswers(httpApiApp(ports));

/** Its routes: the generator of docs/http.md reads them. */
export function httpApiApp(ports: HttpApiPorts): ReturnType<typeof createApp> {
  const { settings, tokens, report, clock } = ports;
  const sink = sendChecked(ports.sink, ports);
  return createApp(
    {
      sink,
      takePing: openPings({ sink, clock, join: joinNotedRun(ports) }),
      limitedTo: limitedTo(ownersOf(ports), sink, settings, clock),
      health: async () => ({ version: VERSION, environment: settings.environment }),
    },
    {
      tokens,
      clock,
      allowedHosts: 'any',
      onFailure: (error, request) => report('could not be answered', { request }, [error]),
    },
  );
}
