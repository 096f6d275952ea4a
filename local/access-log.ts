import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { openDailyLog } from '../adapters/file-system/daily-log.ts';
import type { Asked, OnAsked } from '../adapters/http/asked.ts';
import { accessLine } from '../core/access-line.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { LedgerOptions } from './ledger.ts';

/** Who asked a served ledger what. On AWS `lambdas/record-access.ts` writes the same lines. */
export interface AccessLog {
  /** Never throws and waits for nothing: no question fails because it could not be recorded. */
  readonly record: OnAsked;
  /** Resolves once what was recorded is written. */
  written(): Promise<void>;
}

/** As long as the events themselves, by default on AWS. */
const KEPT_DAYS = 400;

export function openAccessLog({ dir, maskPatterns = [], onError = () => undefined }: LedgerOptions): AccessLog {
  const mask = maskOf({ patterns: maskPatterns });
  const log = openDailyLog({ folder: join(resolve(dir), FOLDERS.access), keptDays: KEPT_DAYS, onError });
  return {
    record: (asked: Asked) => {
      const access_key = randomUUID().replaceAll('-', '');
      const access = {
        access_key,
        asked_at: systemClock.now(),
        ...asked,
        via: 'http',
        error: null,
      } as const;
      try {
        log.append(accessLine(access, mask), access.asked_at);
      } catch (error) {
        onError(error);
      }
    },
    written: log.written,
  };
}
