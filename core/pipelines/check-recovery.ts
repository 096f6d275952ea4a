import { meaningOf } from '../schema/error-code.ts';
import { durationText } from './duration.ts';
import type { PipelineSettings } from './file-schema.ts';
import { RESTART_KINDS, UNSTOPPABLE_KINDS } from './restart-schema.ts';

const STOPPABLE = RESTART_KINDS.filter((kind) => !UNSTOPPABLE_KINDS.includes(kind));

type Say = (path: readonly string[], message: string) => void;

/** What a pipeline's settings of recovery say that contradicts (`wrong`), and what may not be meant (`doubtful`). */
export function checkRecovery(settings: PipelineSettings, wrong: Say, doubtful: Say): void {
  const { retry, restart, resume, kill_after, max_duration, idempotent, fallback_to_full_after } = settings;
  const isByLedger = retry?.by === 'ledger';
  if (isByLedger && restart === undefined)
    wrong(
      ['retry'],
      'expected a restart target beside by: ledger, but got none; say how a run is started with restart',
    );
  if (kill_after !== undefined && max_duration !== undefined && kill_after < max_duration)
    wrong(
      ['kill_after'],
      `expected kill_after to be at least max_duration (${durationText(max_duration)}), but got ${durationText(kill_after)}; a run would be stopped while it may still run`,
    );
  if (typeof retry?.backoff === 'object' && retry.backoff.initial > retry.backoff.max)
    wrong(
      ['retry', 'backoff'],
      `expected initial at most max, but got ${durationText(retry.backoff.initial)} and ${durationText(retry.backoff.max)}`,
    );
  if (kill_after !== undefined && !STOPPABLE.some((kind) => restart?.[kind] !== undefined))
    doubtful(
      ['kill_after'],
      `expected a restart target that can be stopped (${STOPPABLE.join(', ')}) beside kill_after: the ledger stops only what it started itself, and starts nothing of this pipeline that it could stop`,
    );
  if (!isByLedger) {
    for (const name of ['breaker', 'on_resource_error', 'fallback_to_full_after', 'quiet_hours', 'dry_run'] as const)
      if (settings[name] !== undefined && !(name === 'dry_run' && kill_after !== undefined))
        doubtful(
          [name],
          `expected retry: { by: ledger } beside ${name}: without it the ledger starts nothing, and this changes nothing`,
        );
    return;
  }
  for (const on of retry.on ?? [])
    if (/^[A-Z]\d{3}$/.test(on) && ['informational', 'success'].includes(meaningOf(on).class))
      wrong(['retry', 'on'], `expected codes of failures, but ${on} is none`);
  if (retry.max_attempts === 1)
    doubtful(
      ['retry', 'max_attempts'],
      'expected at least 2: the first run is one of them, so nothing is started again',
    );
  if (idempotent === undefined)
    doubtful(
      ['idempotent'],
      'expected idempotent: merge, overwrite_partition or append: say what a second run of the same slot does to what the first one wrote',
    );
  if (idempotent === 'append')
    doubtful(
      ['idempotent'],
      `expected merge or overwrite_partition: a run that appends writes its rows twice when it is started again${resume === 'from_failed_step' ? ' and its failed step wrote some' : ''}, so the ledger starts it again only when the failed run told that it wrote nothing`,
    );
  if (idempotent === 'append' && fallback_to_full_after !== undefined)
    wrong(
      ['fallback_to_full_after'],
      'expected merge or overwrite_partition beside it: a full load of a pipeline that appends writes everything twice',
    );
}
