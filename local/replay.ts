import { systemClock } from '../adapters/clock.ts';
import { openAlertStore } from '../adapters/sqlite/alert-store.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import type { ReplayedNotice } from '../core/alert/replayed-notice.ts';
import type { Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import type { Answer } from '../core/ports/answer-engine.ts';
import { keptEvents } from '../flows/kept-events.ts';
import { startReplay } from '../flows/replay-rules.ts';
import { render } from '../sql/define-query.ts';
import { usualEnvironment } from '../sql/history-of-rules.ts';

/** What to replay. */
export interface Replaying {
  /** Asks the ledger a question in SQL. */
  readonly ask: (sql: string) => Promise<Answer>;
  /** What each of the files to compare expects. */
  readonly files: readonly Expectations[];
  readonly since: Instant;
  readonly until: Instant;
}

/** What was replayed, and what each file would have told. */
export interface Replayed {
  readonly events: number;
  readonly notices: readonly (readonly ReplayedNotice[])[];
}

/** Replays the kept events of a ledger through the rules, in stores of its own: what is replayed touches no ledger. */
export async function replayEvents({ ask, files, since, until }: Replaying): Promise<Replayed> {
  const stores = files.map(() => ({ live: openLiveStore(':memory:', systemClock), ...openAlertStore(':memory:') }));
  try {
    const environment = await environmentOf(ask);
    const replays = await Promise.all(
      files.map((expectations, at) =>
        startReplay({ ...(stores[at] as (typeof stores)[number]), expectations, environment }, since),
      ),
    );
    let events = 0;
    for await (const event of keptEvents(ask, since, until)) {
      events += 1;
      for (const replay of replays) await replay.take(event);
    }
    return { events, notices: await Promise.all(replays.map((replay) => replay.end(until))) };
  } finally {
    for (const { live, close } of stores) {
      await live.close();
      await close();
    }
  }
}

/** Of pipelines for which the file names none: the environment of most runs. */
async function environmentOf(ask: Replaying['ask']): Promise<string> {
  const { rows } = await ask(render(usualEnvironment, {}));
  return String(rows[0]?.[0] ?? 'prod');
}
