import { openObjectStore } from '../../adapters/file-system/object-store.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { openTestLake } from './lake.ts';
import { standsOnce, type World } from './stands-once.ts';

async function openLaptop(): Promise<World> {
  const lake = await openTestLake();
  return {
    engine: lake.engine,
    store: openObjectStore(lake.root),
    openLive: async () => openLiveStore(':memory:'),
    close: async () => lake.close(),
  };
}

standsOnce('SQLite and DuckDB', openLaptop, 6);
