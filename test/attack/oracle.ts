import { expect } from 'vitest';
import type { Served } from './served.ts';

const PAUSE_MS = 100;
const MAX_PAUSES = 300;

/** Asks until the answer is what is expected; the last try throws what it lacks. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let pauses = 0; ; pauses++) {
    try {
      return await check();
    } catch (error) {
      if (pauses === MAX_PAUSES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** A run that ended well, as one line. */
export const aRun = (run_id: string): string =>
  JSON.stringify({ process_name: 'attacked', run_id, event_type: 'RUN_END', status: 'SUCCESS' });

/** Sends runs and remembers those that were acknowledged. */
export function sender(served: () => Served) {
  const acknowledged = new Set<string>();
  let sent = 0;
  return {
    acknowledged,
    async send(count = 1): Promise<number> {
      const runs = Array.from({ length: count }, () => `run-${++sent}`);
      const status = await served()
        .send(runs.map(aRun).join('\n'))
        .catch(() => 0);
      if (status === 200) for (const run of runs) acknowledged.add(run);
      return status;
    },
  };
}

export async function healthOf({ url }: Served): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}/health`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Everything acknowledged is in every answer exactly once, and nothing is said to be missing. */
export async function expectAll(served: Served, acknowledged: ReadonlySet<string>): Promise<void> {
  const { status, answer } = await served.ask('select run_id, count(*) as n from pipeline_logs group by run_id');
  expect(status).toBe(200);
  expect(answer).not.toHaveProperty('note');
  const rows = new Map(answer.rows as [string, number][]);
  expect([...acknowledged].filter((run) => rows.get(run) !== 1)).toEqual([]);
  const states = await served.ask('select run_id, count(*) as n from current_runs group by run_id');
  const state = new Map(states.answer.rows as [string, number][]);
  expect([...acknowledged].filter((run) => state.get(run) !== 1)).toEqual([]);
  const live = (await (await fetch(`${served.url}/api/runs?limit=1000`)).json()) as { run_id: string }[];
  const summary = (await (await fetch(`${served.url}/api/summary`)).json()) as { runs: number };
  expect(summary.runs).toBe(state.size);
  if (state.size <= 1000)
    expect([...acknowledged].filter((run) => !live.some(({ run_id }) => run_id === run))).toEqual([]);
  expect((await healthOf(served)).status).toBe(200);
}
