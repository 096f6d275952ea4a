import type { Handler } from 'hono';
import { type Ping, pingStateOf } from '../../core/ping.ts';
import { readBody } from './body.ts';
import { hostNameOf } from './host.ts';
import { HttpError } from './http-error.ts';

/** What became of a ping; `why` when it was not accepted. */
export type TakePing = (
  ping: Ping,
) => Promise<{ readonly run_id: string; readonly accepted: number; readonly why?: string | undefined }>;

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * `/ping/NAME`, `/ping/NAME/start|success|fail|log|EXIT_CODE` by GET, HEAD or POST, whose body is what the command wrote
 * last. `?rid=` names the run, `?env=` its environment, `?slot=` what it is for. Answers `OK RUN_ID`; 422 when the ledger
 * rejects it, so that `curl -f` notices.
 */
export const pings =
  (take: TakePing): Handler =>
  async (c) => {
    refuseForeignPage(c.req.header('referer'), c.req.header('host') ?? new URL(c.req.url).host);
    const given = c.req.param('state');
    const state = pingStateOf(given);
    if (state === undefined)
      throw new HttpError(
        404,
        'not_found',
        `expected /ping/NAME, or /ping/NAME/ and start, success, fail, log or an exit code of 0 to 255, but got ${given?.slice(0, 40)}`,
      );
    const output = c.req.method === 'POST' ? (await readBody(c.req.raw, MAX_BODY_BYTES)).toString('utf8') : '';
    const optional = (name: string): string | undefined => c.req.query(name) || undefined;
    const { run_id, accepted, why } = await take({
      pipeline: c.req.param('name') ?? '',
      state,
      output,
      run_id: optional('rid'),
      environment: optional('env'),
      scheduled_for: optional('slot'),
    });
    if (accepted === 0) throw new HttpError(422, 'refused', why ?? 'the ledger rejected the ping');
    return c.text(`OK ${run_id}\n`);
  };

/** A ping writes by GET, which old browsers send for any page without saying whose it is. */
function refuseForeignPage(referer: string | undefined, host: string): void {
  if (referer === undefined || (URL.canParse(referer) && hostNameOf(new URL(referer).host) === hostNameOf(host)))
    return;
  throw new HttpError(403, 'foreign_origin', 'expected a ping from no page, but got one from a page of another site');
}
