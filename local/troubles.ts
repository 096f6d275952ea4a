import { errorMessage } from '../core/error-message.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Trouble } from '../ledger/trouble.ts';

export type Part = 'ingest' | 'ingest worker' | 'live runs' | 'tables' | 'alerts' | 'recovery';

/** What keeps parts of the ledger from their work, as long as it lasts. */
export interface Troubles {
  /** Called at each failed try: each cause is told once. */
  begin(part: Part, error: unknown): void;
  /** Called when the part works: does nothing when it worked before. */
  end(part: Part): void;
  list(): readonly Trouble[];
}

/** `onError` gets each cause once, `onNotice` when a part works again. */
export function watchTroubles(
  clock: Clock,
  onError: (error: unknown) => void,
  onNotice: (text: string) => void,
): Troubles {
  const open = new Map<Part, Trouble>();
  return {
    begin(part, error) {
      const known = open.get(part);
      const cause = errorMessage(error);
      if (known?.cause === cause) return;
      open.set(part, { part, cause, since: known?.since ?? clock.now() });
      onError(error);
    },
    end(part) {
      if (open.delete(part)) onNotice(`${part}: works again`);
    },
    list: () => [...open.values()],
  };
}
