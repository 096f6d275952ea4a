import { openObjectStore } from '../adapters/file-system/object-store.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Seals } from '../core/audit/verify-report.ts';
import { sealsOf } from '../flows/verify.ts';
import { rawExpiry } from './retention.ts';

/** The sealed objects of a folder, also while a process serves it: sealed objects do not change. */
export function openSeals(dir: string): Seals {
  const store = openObjectStore(dir);
  return sealsOf({ store, sha256, keptFrom: () => rawExpiry(store) });
}
