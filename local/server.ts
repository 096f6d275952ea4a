import { randomBytes, randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { readPricesFile } from '../adapters/file-system/prices-file.ts';
import { writeServing } from '../adapters/file-system/serving-file.ts';
import { openTokenFiles } from '../adapters/file-system/token-files.ts';
import { apiOf } from '../adapters/http/api.ts';
import { createApp } from '../adapters/http/app.ts';
import { observing } from '../adapters/http/observing.ts';
import { pageFolder, readPage } from '../adapters/http/page.ts';
import { serve } from '../adapters/http/serve.ts';
import { tokenSecrets } from '../adapters/token-secrets.ts';
import { errorMessage } from '../core/error-message.ts';
import { SECRET_BYTES } from '../core/token/named-token.ts';
import { joinLiveRun } from '../flows/join-live-run.ts';
import { openPings } from '../flows/ping.ts';
import type { FolderLedger } from '../ledger/api.ts';
import { VERSION } from '../ledger/version.ts';
import { openAccessLog } from './access-log.ts';
import { type LedgerOptions, openLedger } from './ledger.ts';
import { limitedTo } from './limited.ts';

/** Which ledger to serve, and where. */
export interface ServerOptions extends LedgerOptions {
  /** A name or address of this machine. Anything but loopback needs a token, `token` or a named one. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly token?: string | undefined;
  /** The file of what things cost, read whenever a question asks for it. */
  readonly prices?: string | undefined;
  /** Names this server is reached by beside its own. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins under which a proxy shows this server to browsers: `https://ledger.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** A ledger that is served. */
export interface RunningServer {
  readonly url: string;
  /** The folder, absolute. */
  readonly dir: string;
  /** Whether callers needed a token when it started. */
  readonly needsToken: boolean;
  /** What programs of this user may send as token. */
  readonly token: string;
  readonly ledger: FolderLedger;
  /** Accepts nothing more, lets what is under way finish, and closes the ledger. */
  close(): Promise<void>;
}

/** What requests under way may take once the server is asked to stop. */
const DRAIN_TIMEOUT_MS = 15_000;

/** Opens the ledger of a folder and serves it over HTTP. Throws when the folder or the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const dir = resolve(options.dir);
  const { host, port, token, onError } = options;
  let url = '';
  let needsToken = true;
  // What is started before the server listens could not reach it.
  const reach = () =>
    url === '' ? undefined : { RUNLEDGER_URL: url, ...(needsToken && { RUNLEDGER_TOKEN: ownToken }) };
  // Programs of this user find it in the folder, so that they need no other when named tokens are asked for.
  const ownToken = token ?? randomBytes(SECRET_BYTES).toString('base64url');
  const alerting = options.alerting && { ...options.alerting, reach };
  const ledger = await openLedger({ ...options, ...(alerting && { alerting }) });
  const accessLog = openAccessLog(options);
  const tokens = openTokenFiles({
    dir,
    clock: systemClock,
    secrets: tokenSecrets,
    onError: (error) => onError?.(error),
  });
  needsToken = token !== undefined || tokens.areNeeded();
  const stopping = new AbortController();
  const prices = () => readPricesFile(options.prices);
  const limited = limitedTo(ledger, systemClock, prices, options);
  try {
    const app = createApp(
      {
        sink: ledger,
        takePing: openPings({
          sink: ledger,
          clock: systemClock,
          join: joinLiveRun({ runs: ledger.runs, newRunId: () => `ping-${randomUUID()}` }),
        }),
        answers: { answer: (sql, { timeoutMs }) => ledger.query(sql, { timeoutMs }) },
        health: async () => {
          try {
            const { version, data_dir, runs, open_runs, lost_runs, troubles } = await ledger.summary();
            return { version, data_dir, runs, open_runs, lost_runs, troubles };
          } catch (error) {
            return { version: VERSION, data_dir: dir, troubles: [{ part: 'live runs', cause: errorMessage(error) }] };
          }
        },
        page: readPage(pageFolder()),
        changes: ledger,
        limitedTo: limited,
        onAsked: accessLog.record,
      },
      {
        token,
        ownToken,
        tokens,
        clock: systemClock,
        allowedHosts: [...ownNames(host), ...(options.allowedHosts ?? [])],
        allowedOrigins: options.allowedOrigins,
        observing: observing(ledger, systemClock, (limits) => limited(limits).ledger),
        api: apiOf(ledger, systemClock, prices, (limits) => limited(limits).ledger),
        onFailure: (error) => onError?.(error),
        stopping: stopping.signal,
      },
    );
    const serving = await serve(app, { host, port, needsToken });
    url = serving.url;
    writeServing(dir, { url, pid: process.pid, token: ownToken });
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      stopping.abort();
      await serving.close({ timeoutMs: DRAIN_TIMEOUT_MS });
      await accessLog.written();
      await ledger.close();
    };
    return {
      url,
      dir,
      needsToken,
      token: ownToken,
      ledger,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** A server for other machines is reached by the names and addresses of this one. */
function ownNames(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return [hostname(), ...addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))];
}
