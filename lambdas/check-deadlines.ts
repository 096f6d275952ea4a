import { takeSilence } from '../core/flows/aggregate.ts';
import { type AnnouncePorts, announce } from '../core/flows/announce.ts';
import type { Clock, LiveStore } from '../core/ports.ts';
import { type Deadline, type Deadlines, deadlineOf } from './deadlines.ts';
import { once } from './once.ts';
import { busFrom, clock, deadlinesFrom, liveFrom, marksFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';

export interface CheckDeadlinesPorts extends AnnouncePorts {
  readonly live: LiveStore;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly report: Report;
}

const LOOKS_PER_MINUTE = 500;

/** What only the clock can tell: runs over their SLA, and runs that have fallen silent. */
export const checkDeadlines = (ports: CheckDeadlinesPorts) => async () => {
  const now = ports.clock.now();
  const silent: Deadline[] = [];
  // The live store tells of a silent run once: it is written down before anything that could fail.
  const noting: LiveStore = {
    ...ports.live,
    takeExpired: async (...asked) => {
      const runs = await ports.live.takeExpired(...asked);
      for (const { environment, process_name, run_id } of runs) {
        silent.push({ at: now, environment, process_name, run_id });
      }
      for (const deadline of silent) await ports.deadlines.put(deadline);
      return runs;
    },
  };
  await takeSilence(noting, now);
  if (silent.length > 0) await ports.bus.say([{ word: 'Runs Silent', detail: { runs: silent.length } }]);

  let announced = 0;
  const due = await ports.deadlines.due(now, LOOKS_PER_MINUTE);
  for (const deadline of due) {
    const [run] = await ports.live.listRuns({ ...keyOf(deadline), limit: 1 });
    const next = run && deadlineOf(run);
    // It started later than it seemed, or another attempt of it did.
    if (next && next.at > now) await ports.deadlines.put(next);
    if (run) announced += await announce(ports, [run], now);
    await ports.deadlines.remove(deadline);
  }
  ports.report('checked', { looked_at: due.length, silent: silent.length, announced });
};

const keyOf = ({ environment, process_name, run_id }: Deadline) => ({ environment, process_name, run_id });

export const handler = once(() => {
  const { env } = process;
  const alerts = { bus: busFrom(env), marks: marksFrom(env), deadlines: deadlinesFrom(env) };
  return checkDeadlines({ live: liveFrom(env), ...alerts, clock, report: logReport() });
});
