import { errorMessage } from '../../core/error-message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Restarter, Start } from '../../core/ports/restarter.ts';
import type { Secrets } from '../../core/ports/secrets.ts';
import { startFacts } from '../../core/recovery/start-forms.ts';
import { idOf } from './ids.ts';
import { postOnce } from './post.ts';
import { signedHeaders } from './signature.ts';

export interface HttpRestarterSettings {
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly timeout?: (ms: number) => AbortSignal;
}

/**
 * Asks a service to start a run: one signed CloudEvent by POST, sent once. Its id is the same for the same run, so that who
 * receives it can tell a repetition. 2xx is a start; a refusal, or a connection that was never made, is none; of everything
 * else nobody knows.
 */
export function openHttpRestarter({
  secrets,
  clock,
  fetch = globalThis.fetch,
  timeout = (ms) => AbortSignal.timeout(ms),
}: HttpRestarterSettings): Restarter {
  return {
    async start(start) {
      const { http } = start.target;
      if (http === undefined)
        return { state: 'not_started', why: 'expected an address to ask, but got another target' };
      try {
        const address = await secrets.read(http.url);
        const secret = http.secret === undefined ? undefined : await secrets.read(http.secret);
        const { id, body } = requestOf(start, clock.now());
        const headers = {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          ...signedHeaders(id, body, secret, clock.now()),
        };
        const known = secret === undefined ? [address] : [address, secret];
        const answer = await postOnce(address, { id, headers, body }, { fetch, timeout, now: clock.now }, known);
        if (answer.isTaken) return { state: 'started', detail: `asked the address in ${http.url}` };
        const why = `expected the address in ${http.url} to take the run, got ${answer.got}`;
        return { state: answer.isRefused ? 'not_started' : 'unclear', why };
      } catch (error) {
        // Before anything was sent: a secret that cannot be read.
        return { state: 'not_started', why: errorMessage(error) };
      }
    },
    async stop() {
      return { state: 'not_stopped', why: 'expected a way to stop the run, but an HTTP request has none' };
    },
  };
}

function requestOf(start: Start, now: string): { readonly id: string; readonly body: string } {
  const { environment, process_name, run } = start;
  const id = idOf('restart', environment, process_name, run.run_id);
  const event = {
    ...{ specversion: '1.0', id, source: `/runledger/${encodeURIComponent(environment.toWellFormed())}` },
    ...{ type: 'runledger.run.start', subject: process_name, time: now, datacontenttype: 'application/json' },
    data: startFacts(start),
  };
  return { id, body: JSON.stringify(event) };
}
