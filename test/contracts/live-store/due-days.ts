import { expect } from 'vitest';
import type { Behaviour } from './behaviour.ts';

export function dueDaysContract(behaviour: Behaviour): void {
  behaviour('days are due once each, oldest first, until they are removed', async (store) => {
    await store.addDueDays(['2025-11-04', '2025-11-02']);
    await store.addDueDays(['2025-11-03', '2025-11-02']);
    expect(await store.dueDays(2)).toEqual(['2025-11-02', '2025-11-03']);
    expect(await store.dueDays(10)).toEqual(['2025-11-02', '2025-11-03', '2025-11-04']);
    await store.removeDueDays(['2025-11-02', '2025-11-04', '2024-01-01']);
    expect(await store.dueDays(10)).toEqual(['2025-11-03']);
  });

  behaviour('a day can be removed that nobody asked for', async (store) => {
    await store.addDueDays(['2025-11-03']);
    await store.removeDueDays(['2025-11-03']);
    expect(await store.dueDays(10)).toEqual([]);
  });

  behaviour('a day that becomes due again while it is worked on stays due', async (store) => {
    await store.addDueDays(['2025-11-03']);
    const days = await store.dueDays(10);
    await store.addDueDays(['2025-11-03']);
    await store.removeDueDays(days);
    expect(await store.dueDays(10)).toEqual(['2025-11-03']);
    await store.removeDueDays(days);
    expect(await store.dueDays(10)).toEqual([]);
  });
}
