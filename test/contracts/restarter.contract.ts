import { describe, expect } from 'vitest';
import type { Restarter, Start } from '../../core/ports/restarter.ts';
import type { StartedRun } from '../../core/recovery/recovery.ts';
import { contractTests, type Gap } from './gap.ts';

/** A restarter and its target, as a test sees both. */
export interface RestarterCase {
  readonly restarter: Restarter;
  /** Takes every run. */
  readonly good: Start['target'];
  /** Refuses every run, or is not there. */
  readonly refusing: Start['target'];
  /** Takes a run, and never says so. */
  readonly silent?: Start['target'] | undefined;
  /** Another kind of target. */
  readonly foreign: Start['target'];
  /** What the target was told of the runs that reached it, once there are so many. */
  readonly received: (count: number) => Promise<readonly Partial<StartedRun>[]>;
  /** Whether what a run started is still there. */
  readonly isRunning: (handle: string) => Promise<boolean>;
}

export const aStart = (target: Start['target'], run: Partial<StartedRun> = {}): Start => ({
  target,
  environment: 'prod',
  process_name: 'orders',
  run: {
    ...{ run_id: 'a-try2', parent_run_id: 'a', root_run_id: 'a', run_attempt: 2, run_mode: 'retry', from_step: 3 },
    ...{ params: { workers: '6' }, scheduled_for: '2025-11-03T02:00:00.000Z', ...run },
  },
});

/** What every restarter keeps. */
export function restarterContract(name: string, make: () => Promise<RestarterCase>, gaps: readonly Gap[] = []): void {
  describe(`restarter: ${name}`, () => {
    const { contractTest: test, checkGaps } = contractTests(gaps);

    test('starts a run once, and tells it all that it needs', async () => {
      const { restarter, good, received } = await make();
      const { run } = aStart(good);
      expect(await restarter.start(aStart(good))).toMatchObject({ state: 'started' });
      expect(await received(1)).toEqual([run]);
    });

    test('tells a first run of a slot that it has no parent and no step to go on from', async () => {
      const { restarter, good, received } = await make();
      await restarter.start(aStart(good, { parent_run_id: undefined, from_step: undefined, params: {} }));
      const [told] = await received(1);
      expect(told?.parent_run_id).toBeUndefined();
      expect(told?.from_step).toBeUndefined();
      expect(told?.params).toEqual({});
    });

    test('says why a target that refuses, or is not there, started nothing', async () => {
      const { restarter, refusing } = await make();
      expect(await restarter.start(aStart(refusing))).toMatchObject({ state: 'not_started', why: /^expected .* got / });
    });

    test('says that nobody knows when no answer comes', async () => {
      const { restarter, silent } = await make();
      expect(await restarter.start(aStart(silent ?? {}))).toMatchObject({ state: 'unclear' });
    });

    test('starts nothing on another kind of target', async () => {
      const { restarter, foreign } = await make();
      expect(await restarter.start(aStart(foreign))).toMatchObject({ state: 'not_started' });
    });

    test('stops what it started, with all that this started, and confirms it', async () => {
      const { restarter, good, isRunning, received } = await make();
      const started = await restarter.start(aStart(good));
      const handle = (started as { handle?: string }).handle ?? '';
      await received(1);
      expect(await isRunning(handle)).toBe(true);
      expect(await restarter.stop(handle)).toMatchObject({ state: 'stopped' });
      expect(await isRunning(handle)).toBe(false);
    });

    test('stopping what has ended is no error', async () => {
      const { restarter, good, received } = await make();
      const started = await restarter.start(aStart(good));
      const handle = (started as { handle?: string }).handle ?? '';
      await received(1);
      await restarter.stop(handle);
      expect(await restarter.stop(handle)).toEqual({ state: 'gone' });
    });

    test('stops nothing by a handle that is none', async () => {
      const { restarter } = await make();
      for (const handle of ['', 'null', '{"pid":1,"started":"1"}', '{"pid":-5}'])
        expect(await restarter.stop(handle)).toMatchObject({ state: 'not_stopped' });
    });

    checkGaps();
  });
}
