import { DOLLARS_PER_TERABYTE, LEAST_BILLED_BYTES } from '../adapters/athena/price.ts';
import type { AdmissionOptions } from '../adapters/http/admission.ts';
import { type ApiPorts, apiOf } from '../adapters/http/api.ts';
import { type AppOptions, createApp } from '../adapters/http/app.ts';
import type { OnAsked } from '../adapters/http/asked.ts';
import { billedQuestions } from '../adapters/http/billed-questions.ts';
import type { Session } from '../adapters/http/contract.ts';
import type { Page } from '../adapters/http/page.ts';
import type { BilledAnswers, BilledLimits } from '../core/ports/billed-answers.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { Price } from '../core/prices/price.ts';
import { VERSION } from '../ledger/version.ts';
import type { Owned } from './limited.ts';
import { limitedReading } from './limited-reading.ts';

/** What the page of a deployed ledger asks. */
export interface PagePorts {
  /** Of the live table alone: nothing it is asked is billed by what is read. */
  readonly ledger: Omit<ApiPorts, 'query' | 'summary'>;
  readonly live: Pick<LiveStore, 'summary' | 'countOpenRuns'>;
  /** History. */
  readonly answers: BilledAnswers;
  readonly page: Page;
  readonly clock: Clock;
  readonly prices?: (() => readonly Price[]) | undefined;
  readonly onAsked?: OnAsked | undefined;
  /** Whose pipelines are, where tokens may be limited. */
  readonly owned?: Owned | undefined;
}

export interface PageOptions
  extends AdmissionOptions,
    Pick<AppOptions, 'allowedHosts' | 'onFailure' | 'explain'>,
    Pick<NonNullable<Session['deployed']>, 'where' | 'sign_in'> {
  /** Where the raw lines are. */
  readonly bucket: string;
  /** The most that one question may read; null where that is not known. */
  readonly scanLimitBytes: number | null;
  readonly limits: BilledLimits;
}

/** How often an open page looks. Each look is a few reads of the live table: docs/cost.md has what a day of it costs. */
const LOOKS_EVERY_S = 30;

/**
 * The page over a deployed ledger, and what it asks: the live table for what is now, Athena for history, which is billed
 * and therefore asked for by a click. The same for a person's own process and for a function behind the HTTP API.
 */
export function pageApp(
  { ledger, live, answers, page, clock, prices, onAsked, owned }: PagePorts,
  { where, sign_in, bucket, scanLimitBytes, limits, ...options }: PageOptions,
): ReturnType<typeof createApp> {
  const summary = async () => {
    const now = clock.now();
    const [progress, open] = await Promise.all([live.summary(), live.countOpenRuns(now)]);
    return { ...progress, ...open, runs: null, troubles: [], version: VERSION, data_dir: `s3://${bucket}` };
  };
  const query = (): never => {
    throw new Error('expected that questions are asked where they are billed');
  };
  const limited = owned && limitedReading(ledger, owned, prices);
  return createApp(
    {
      health: async () => ({ version: VERSION }),
      page,
      onAsked,
      deployed: {
        ...{ where, sign_in, looks_every_s: LOOKS_EVERY_S },
        billing: {
          dollars_per_terabyte: DOLLARS_PER_TERABYTE,
          least_billed_bytes: LEAST_BILLED_BYTES,
          most_bytes: scanLimitBytes,
        },
      },
    },
    {
      ...options,
      observing: billedQuestions({ answers, clock, limits, prices, onAsked, limitedText: limited?.text }),
      api: apiOf({ ...ledger, query, summary }, clock, prices, limited?.api),
    },
  );
}
