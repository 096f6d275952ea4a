import type { RunsFilter } from '../core/ports/live-runs.ts';
import type { JoinRun } from './ping.ts';

export interface JoinLivePorts {
  /** Runs as they stand now, everything that was sent included; the latest start first. */
  readonly runs: (filter: RunsFilter) => Promise<readonly { readonly run_id: string | null }[]>;
  /** A new id, that no other run has. */
  readonly newRunId: () => string;
}

/**
 * Finds the run of a ping among the live ones, where one process takes every ping and sees at once what it took. Pings of
 * one pipeline are taken in turn, so that two that end a run at once end two.
 */
export function joinLiveRun({ runs, newRunId }: JoinLivePorts): JoinRun {
  const turns = new Map<string, Promise<unknown>>();
  return (ping, take) => {
    const { pipeline, environment, state, run_id } = ping;
    const find = async (): Promise<string> => {
      if (state === 'start') return newRunId();
      const [open] = await runs({ process_name: pipeline, environment, open: true, alive: true, limit: 1 });
      return open?.run_id ?? newRunId();
    };
    const key = JSON.stringify([environment ?? null, pipeline]);
    const before = turns.get(key) ?? Promise.resolve();
    const turn = before.then(async () => take(run_id ?? (await find())));
    const done = turn
      .catch(() => undefined)
      .then(() => {
        if (turns.get(key) === done) turns.delete(key);
      });
    turns.set(key, done);
    return turn;
  };
}
