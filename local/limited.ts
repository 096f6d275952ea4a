import { contentHash } from '../adapters/content-hash.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { maskOf } from '../core/mask/mask.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Price } from '../core/prices/price.ts';
import type { Limits } from '../core/token/limits.ts';
import { admitEvents, admitPing, admittingSink } from '../flows/admit-events.ts';
import { expectationsIn } from '../flows/applied-pipelines.ts';
import { pipelineOwners } from '../flows/pipeline-owners.ts';
import { limitedChanges } from '../ledger/limited-changes.ts';
import { limitedFolderLedger } from '../ledger/limited-ledger.ts';
import { theirsOf } from '../ledger/theirs.ts';
import { limitedQuestionText } from '../sql/limited-question.ts';
import type { LedgerOptions, OpenLedger } from './ledger.ts';

type LimitedOptions = Pick<LedgerOptions, 'environment' | 'zone' | 'maskPatterns'>;

/** What of a ledger of a folder the holders of limited tokens get, by their limits. */
export function limitedTo(
  ledger: OpenLedger,
  clock: Clock,
  prices: () => readonly Price[],
  { environment = 'local', zone = 'UTC', maskPatterns = [] }: LimitedOptions,
) {
  const mask = maskOf({ patterns: maskPatterns });
  // Whether a line will be accepted, and as whose: nothing of it is kept.
  const settings: AcceptSettings = { environment, zone, keepUserEmail: false, userSalt: '', mask, hash: contentHash };
  const expectations = async () => expectationsIn(await ledger.alerts.pipelines());
  const ownerOf = pipelineOwners({ runs: ledger.runs, expectations, clock });

  return (limits: Limits) => {
    const admit = admitEvents({ limits, ownerOf, settings, clock });
    const sink = admittingSink(ledger, admit);
    const limited = limitedFolderLedger(ledger, {
      ...{ limits, ownerOf, sink },
      ask: async (name, given) => {
        const scope = { limits, expectations: await expectations(), dialect: 'duckdb' as const };
        return ledger.query(limitedQuestionText(scope, name, given, clock.now(), prices));
      },
    });
    const changes = limitedChanges(ledger, theirsOf(limits, ownerOf));
    return { ledger: limited, sink, admitPing: admitPing({ limits, clock }, admit), changes };
  };
}
