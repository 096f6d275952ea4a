import type { LiveStore } from '../../../core/ports/live-store.ts';

/** A sentence, and what shows it on an empty store. */
export type Behaviour = (sentence: string, body: (store: LiveStore) => Promise<void>) => void;
