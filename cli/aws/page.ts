import { randomBytes } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { openBilledAnswers } from '../../adapters/athena/billed-answers.ts';
import { scanLimitOf } from '../../adapters/athena/scan-limit.ts';
import { assertReadOnlyElsewhere } from '../../adapters/duckdb/select-guard.ts';
import { HttpError } from '../../adapters/http/http-error.ts';
import { pageFolder, readPage } from '../../adapters/http/page.ts';
import { serve } from '../../adapters/http/serve.ts';
import { openLedger } from '../../aws/ledger.ts';
import { pageApp } from '../../aws/page.ts';
import { lakeFrom, openPorts } from '../../aws/ports.ts';
import { ANSWER_LIMITS } from '../../core/ports/answer-engine.ts';
import type { Price } from '../../core/prices/price.ts';
import { SECRET_BYTES } from '../../core/token/named-token.ts';
import { Stop } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { explained } from './explain.ts';
import { readOutputs, settingsOf } from './outputs.ts';
import type { AwsTarget } from './target.ts';

export interface StackPageOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly prices: () => readonly Price[];
  readonly onError: (error: unknown) => void;
}

/** The page of a deployed ledger, served to this machine's user. */
export interface ServedPage {
  /** With what signs its reader in: it is for nobody else. */
  readonly url: string;
  readonly where: string;
  close(): Promise<void>;
}

/** A request to the page waits no longer, and then asks again: a browser's connection may not live longer. */
const WAIT_MS = 20_000;
const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Serves the page over a deployed ledger on loopback, with the caller's own credentials. Other users of the machine reach
 * the port too, so the page asks for a token, which the address brings. Throws `Stop` when the stack cannot be asked.
 */
export async function openStackPage(
  { stack, ...access }: AwsTarget,
  { port, prices, onError }: StackPageOptions,
  io: Io,
): Promise<ServedPage> {
  const cloudFormation = new CloudFormationClient(access);
  const orExplained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explained(error);
    });
  const outputs = await orExplained(readOutputs(cloudFormation, stack));
  const env = settingsOf(outputs);
  const athena = new AthenaClient(access);
  // Who may not look at the workgroup may still ask in it; the limit holds all the same.
  const scanLimitBytes = await scanLimitOf(athena, outputs.WorkgroupName).catch(() => null);
  const sleep = (delayMs: number) => io.pause(delayMs);
  const ports = openPorts(env, access, { clock: io.clock, assertReadOnly: assertReadOnlyElsewhere, sleep });
  // A rebuild waits for other writers and says so, as no page does.
  const {
    query: _billed,
    rebuild: _long,
    ...ledger
  } = openLedger(ports, {
    liveOnly: true,
    environment: outputs.Environment,
    holidays: async () => (await import('../../adapters/holidays/holidays.ts')).openHolidays(io.clock.now()),
    rebuilding: {
      pause: io.pause,
      signal: new AbortController().signal,
      onWaiting: () => undefined,
      onLost: () => undefined,
    },
  });
  const where = `stack ${stack} in ${await cloudFormation.config.region()}`;
  const token = randomBytes(SECRET_BYTES).toString('base64url');
  const app = pageApp(
    {
      ledger,
      live: ports.live,
      answers: openBilledAnswers({
        ...{ ...lakeFrom(env, athena), clock: io.clock, sleep },
        assertReadOnly: assertReadOnlyElsewhere,
      }),
      page: readPage(pageFolder()),
      clock: io.clock,
      prices,
    },
    {
      ...{ token, clock: io.clock, where, sign_in: 'cookie', bucket: outputs.BucketName, scanLimitBytes },
      limits: { ...ANSWER_LIMITS, waitMs: WAIT_MS },
      allowedHosts: [],
      onFailure: (error) => onError(explained(error, outputs)),
      // The reader is who holds the credentials: what AWS says of them is for them.
      explain: (error) => refusal(explained(error, outputs)),
    },
  );
  const serving = await serve(app, { host: '127.0.0.1', port, needsToken: true, onFailure: onError });
  return {
    url: `${serving.url}/#token=${token}`,
    where,
    close: async () => {
      await serving.close({ timeoutMs: DRAIN_TIMEOUT_MS });
      await ports.live.close();
    },
  };
}

const refusal = (error: unknown): unknown =>
  error instanceof Stop ? new HttpError(502, 'refused_by_aws', error.message) : error;
