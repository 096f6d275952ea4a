import type { LedgerChange, LedgerChanges } from './changes.ts';
import type { Theirs } from './theirs.ts';

/** What changes of theirs. Changes come in the order in which they were; of one of which nothing is theirs, nothing is told. */
export const limitedChanges = (changes: LedgerChanges, theirs: Pick<Theirs, 'has' | 'filter'>): LedgerChanges => ({
  watchChanges: (listener) => {
    let isWatched = true;
    let before: Promise<void> = Promise.resolve();
    const tell = async (change: LedgerChange): Promise<void> => {
      const left =
        change.kind === 'runs'
          ? { ...change, runs: await theirs.filter(change.runs, theirs.has) }
          : { ...change, pipelines: await theirs.filter(change.pipelines, theirs.has) };
      const isTheirs = left.kind === 'runs' ? left.runs.length > 0 : left.pipelines.length > 0;
      if (isWatched && isTheirs) listener(left);
    };
    const stop = changes.watchChanges((change) => {
      // What cannot be decided is not told: the page looks by itself from time to time.
      before = before.then(() => tell(change)).catch(() => undefined);
    });
    return () => {
      isWatched = false;
      stop();
    };
  },
});
