import { counted, durationShown } from '../../core/format.ts';
import type { Instant } from '../../core/instant.ts';
import type { Stage } from '../../core/objects/data-object.ts';
import { LATE_AFTER_SECONDS, secondsSince } from '../../core/objects/waiting.ts';
import type { LiveSummary } from '../../core/ports/live-store.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** A stage that objects wait for: its link, and how long one may wait before that is a warning, and a failure. */
const STAGES = [
  { link: 'tracking', stage: 'recorded', warnAfterS: 300, failAfterS: LATE_AFTER_SECONDS.recorded },
  { link: 'compaction', stage: 'tracked', warnAfterS: 900, failAfterS: LATE_AFTER_SECONDS.tracked },
  { link: 'summaries', stage: 'compacted', warnAfterS: 1800, failAfterS: LATE_AFTER_SECONDS.compacted },
] as const satisfies readonly { link: string; stage: Stage; warnAfterS: number; failAfterS: number }[];

/** Where the marks of the objects are read. */
export interface Waiting {
  readonly summary: () => Promise<LiveSummary>;
  /** Since when the object that has waited longest at a stage has, where that can be asked. */
  readonly waitingSince?: (stage: Stage) => Promise<Instant | undefined>;
  readonly now: () => Instant;
  /** Where the log of a stage is read. */
  readonly where: string;
}

/** How far each stage is behind, by the marks of the objects. */
export function objectChecks({ summary, waitingSince, now, where }: Waiting): readonly Check[] {
  const stages = STAGES.map(
    ({ link, stage, warnAfterS, failAfterS }): Check => ({
      link,
      run: async () => {
        const waiting = (await summary()).objects[stage];
        if (waiting === 0) return ok('nothing waits');
        const seconds = secondsSince(await waitingSince?.(stage), now());
        const found = `${counted(waiting, 'object')} ${waiting === 1 ? 'waits' : 'wait'}${seconds > 0 ? `, one of them for ${durationShown(seconds * 1000)}` : ''}`;
        if (seconds <= warnAfterS) return ok(found);
        return (seconds > failAfterS ? fail : warn)(found, `the stage is late or stands still: read ${where}`);
      },
    }),
  );
  return [
    ...stages,
    {
      link: 'metrics',
      run: async () => {
        const { due_days } = await summary();
        return ok(due_days === 0 ? 'nothing waits' : `${counted(due_days, 'day')} due`);
      },
    },
    {
      link: 'parked objects',
      run: async () => {
        const { parked } = await summary();
        if (parked.length === 0) return ok('none');
        return parked.map(({ object, why }) =>
          fail(
            `${object}: ${why}`,
            'put a mended copy in its place, or `objects retry` it, or `objects forget` it with a reason',
          ),
        );
      },
    },
    {
      link: 'lines',
      run: async () => {
        const { lines } = await summary();
        const found = `${counted(lines.lines, 'line')}: ${lines.inserted} inserted, ${lines.duplicates} duplicates, ${lines.unreadable} unreadable, ${lines.unaccepted} not from accept`;
        return lines.unreadable === 0
          ? ok(found)
          : warn(found, 'lines bear the stamp of accept and cannot be read: somebody changed them in the bucket');
      },
    },
  ];
}
