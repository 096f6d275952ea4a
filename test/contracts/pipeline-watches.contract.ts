import { describe, expect } from 'vitest';
import type { Instant } from '../../core/instant.ts';
import type { PipelineKey, PipelineWatches, Watch } from '../../core/ports/pipeline-watches.ts';
import { contractTests, type Gap } from './gap.ts';
import { HOSTILE_NAMES } from './incident-store.contract.ts';

const at = (minute: number): Instant => `2025-11-03T12:${String(minute).padStart(2, '0')}:00.000Z`;
const SINCE = '2025-11-01T00:00:00.000Z';

const aKey = (overrides: Partial<PipelineKey> = {}): PipelineKey => ({
  environment: 'prod',
  process_name: 'orders',
  ...overrides,
});

const watch = (watches: PipelineWatches, key: PipelineKey, changes: Partial<Watch> = {}) =>
  watches.changeWatch(key, (stored) => ({ ...key, since: SINCE, judged_until: SINCE, ...stored, ...changes }));

const namesOf = (watches: readonly Watch[]): readonly string[] => watches.map(({ process_name }) => process_name);

/** What every `PipelineWatches` does. `open` gives an empty one each time. */
export function pipelineWatchesContract(
  name: string,
  open: () => Promise<PipelineWatches>,
  gaps: readonly Gap[] = [],
): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (watches: PipelineWatches) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} keeps the watches of pipelines`, () => {
    behaviour('a change is given what is stored, and what it returns is stored', async (watches) => {
      const whole: Watch = { ...aKey(), since: SINCE, judged_until: at(1), last_good_at: at(0), next_check: at(2) };
      const seen: (Watch | undefined)[] = [];
      const changed = (next: Watch) =>
        watches.changeWatch(aKey(), (stored) => {
          seen.push(stored);
          return next;
        });
      const bare: Watch = { ...aKey(), since: SINCE, judged_until: SINCE };
      expect(await changed(bare)).toEqual(bare);
      expect(await changed(whole)).toEqual(whole);
      expect(await changed(bare)).toEqual(bare);
      expect(seen).toEqual([undefined, bare, whole]);
      expect(await watches.listWatches()).toEqual([bare]);
    });

    behaviour('a change that returns what it was given changes nothing', async (watches) => {
      const made = await watch(watches, aKey(), { next_check: at(1) });
      const same = await watches.changeWatch(aKey(), (stored) => stored ?? { ...made, since: at(9) });
      expect(same).toEqual(made);
      expect(await watches.dueWatches(at(1), 10)).toEqual([made]);
    });

    behaviour('a change that throws is thrown, and leaves what is stored', async (watches) => {
      const made = await watch(watches, aKey());
      const failing = watches.changeWatch(aKey(), () => {
        throw new Error('the rules broke');
      });
      await expect(failing).rejects.toThrow('the rules broke');
      expect(await watches.listWatches()).toEqual([made]);
    });

    behaviour('of many changes of one watch at the same time none is lost', async (watches) => {
      await Promise.all(
        Array.from({ length: 12 }, () =>
          watches.changeWatch(aKey(), (stored) => ({
            ...aKey(),
            since: SINCE,
            judged_until: at(stored === undefined ? 1 : Number(stored.judged_until.slice(14, 16)) + 1),
          })),
        ),
      );
      expect(await watches.listWatches()).toMatchObject([{ judged_until: at(12) }]);
    });

    behaviour('watches are due from their next check on, the longest due first, up to the limit', async (watches) => {
      for (const [process_name, next_check] of [
        ['late', at(3)],
        ['early', at(1)],
        ['middle', at(2)],
        ['future', at(30)],
        ['never', undefined],
      ] as const)
        await watch(watches, aKey({ process_name }), { next_check });
      expect(namesOf(await watches.dueWatches(at(0), 10))).toEqual([]);
      expect(namesOf(await watches.dueWatches(at(1), 10))).toEqual(['early']);
      expect(namesOf(await watches.dueWatches(at(29), 10))).toEqual(['early', 'middle', 'late']);
      expect(namesOf(await watches.dueWatches(at(29), 2))).toEqual(['early', 'middle']);
      expect(await watches.dueWatches(at(29), 0)).toEqual([]);
    });

    behaviour('a watch stays due until its next check is another', async (watches) => {
      const due = async (minute: number) => namesOf(await watches.dueWatches(at(minute), 10));
      await watch(watches, aKey(), { next_check: at(1) });
      expect([await due(5), await due(5)]).toEqual([['orders'], ['orders']]);
      await watch(watches, aKey(), { last_good_at: at(4) });
      expect(await due(5)).toEqual(['orders']);
      await watch(watches, aKey(), { next_check: at(9) });
      expect([await due(8), await due(9)]).toEqual([[], ['orders']]);
      await watch(watches, aKey(), { next_check: at(7) });
      expect([await due(6), await due(7)]).toEqual([[], ['orders']]);
      await watch(watches, aKey(), { next_check: undefined });
      expect(await due(59)).toEqual([]);
      await watch(watches, aKey(), { next_check: at(20) });
      expect([await due(19), await due(20)]).toEqual([[], ['orders']]);
    });

    behaviour('watches that are not due yet keep none that is from being returned', async (watches) => {
      for (let index = 0; index < 15; index++) {
        const process_name = `postponed-${index}`;
        await watch(watches, aKey({ process_name }), { next_check: at(1) });
        await watch(watches, aKey({ process_name }), { next_check: at(40) });
      }
      await watch(watches, aKey(), { next_check: at(5) });
      expect(namesOf(await watches.dueWatches(at(5), 1))).toEqual(['orders']);
      expect(namesOf(await watches.dueWatches(at(5), 1))).toEqual(['orders']);
      expect(await watches.dueWatches(at(40), 100)).toHaveLength(16);
    });

    behaviour('watches are listed by environment and name, as code points go', async (watches) => {
      const keys = ['dev', 'prod', 'prod-2'].flatMap((environment) =>
        ['B', 'a', 'a b', 'a.b', 'ä', '\uFFFD', '😀'].map((process_name) => ({ environment, process_name })),
      );
      for (const key of keys.toReversed()) await watch(watches, key);
      expect(
        (await watches.listWatches()).map(({ environment, process_name }) => ({ environment, process_name })),
      ).toEqual(keys);
    });

    behaviour('a name may hold any text, and no pipeline is taken for another', async (watches) => {
      const keys = HOSTILE_NAMES.flatMap((hostile) => [
        aKey({ process_name: hostile }),
        aKey({ environment: hostile }),
      ]);
      for (const [index, key] of keys.entries())
        await watch(watches, key, { next_check: at(index % 60), judged_until: at(index % 60) });
      expect(await watches.listWatches()).toHaveLength(keys.length);
      expect(await watches.dueWatches(at(59), 1000)).toHaveLength(keys.length);
      for (const [index, key] of keys.entries())
        expect(await watch(watches, key)).toMatchObject({ ...key, next_check: at(index % 60) });
    });

    checkGaps();
  });
}
