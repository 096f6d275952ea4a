import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { objectsOnTheirWay } from '../../aws/rebuild.ts';
import { NO_DATES } from '../../core/objects/data-object.ts';
import { compacted, tracked } from '../../core/objects/object-change.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

const HOUR = 'raw/dt=2025-11-03/hh=';
const NOW = '2025-11-03T12:30:00.000Z';

test('what the tables cannot hold yet is on its way; what nobody recorded in an hour is not, it was lost', async () => {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const known = ['12/recorded', '12/tracked', '12/compacted'].map((name) => `${HOUR}${name}`);
  await live.recordObjects(known.map((object) => ({ object, lines: 1, size_bytes: 1 })));
  await live.changeObjects(known.slice(1), tracked(NO_DATES, 0));
  const counts = {
    object: `${HOUR}12/compacted`,
    lines: 1,
    inserted: 1,
    duplicates: 0,
    unreadable: 0,
    unaccepted: 0,
  };
  await live.changeObjects([counts.object], compacted([counts]));

  const listed = [`${HOUR}09/lost`, ...known, `${HOUR}12/unknown`];
  const prefixes: string[] = [];
  const store = {
    list: async function* (prefix: string) {
      prefixes.push(prefix);
      for (const key of listed) yield { key, size_bytes: 1 };
    },
  } as unknown as ObjectStore;
  const found = await objectsOnTheirWay({ store, live }, '2025-11-03', { now: () => NOW });
  expect([...found].sort()).toEqual([`${HOUR}12/recorded`, `${HOUR}12/tracked`, `${HOUR}12/unknown`]);
  expect(prefixes).toEqual(['raw/dt=2025-11-03/']);
});
