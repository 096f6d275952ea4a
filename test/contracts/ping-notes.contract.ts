import { describe, expect } from 'vitest';
import type { PingNote } from '../../core/ping-notes.ts';
import type { PingNotes } from '../../core/ports/ping-notes.ts';
import { contractTests, type Gap } from './gap.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const aNote = (run_id: string): PingNote => ({ run_id, started_at: NOW, seen_at: NOW, ended: false });
const OF = { environment: 'prod', process_name: 'orders' };

/** What every store of notes on pings does. `open` gives an empty one each time. */
export function pingNotesContract(name: string, open: () => Promise<PingNotes>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (store: PingNotes) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));
  const notesOf = async (store: PingNotes, of = OF): Promise<readonly PingNote[]> => {
    let found: readonly PingNote[] = [];
    await store.changeNotes(of, (notes) => {
      found = notes;
      return notes;
    });
    return found;
  };

  describe(`${name} keeps notes on pings`, () => {
    behaviour('what was noted is given to the next change, and there is none at first', async (store) => {
      expect(await notesOf(store)).toEqual([]);
      await store.changeNotes(OF, () => [aNote('1')]);
      expect(await notesOf(store)).toEqual([aNote('1')]);
    });

    behaviour('notes are of one pipeline in one environment, whatever they are called', async (store) => {
      const others = [
        { environment: 'test', process_name: 'orders' },
        { environment: 'prod', process_name: 'orders"],[' },
        { environment: 'prod', process_name: 'ü'.repeat(2_000) },
      ];
      for (const [at, of] of others.entries()) await store.changeNotes(of, () => [aNote(String(at))]);
      expect(await notesOf(store)).toEqual([]);
      for (const [at, of] of others.entries()) expect(await notesOf(store, of)).toEqual([aNote(String(at))]);
    });

    behaviour('of changes at the same time none is lost', async (store) => {
      const ids = ['1', '2', '3', '4', '5'];
      await Promise.all(ids.map((id) => store.changeNotes(OF, (notes) => [...notes, aNote(id)])));
      expect((await notesOf(store)).map(({ run_id }) => run_id).sort()).toEqual(ids);
    });

    behaviour('a change that throws changes nothing', async (store) => {
      const failing = store.changeNotes(OF, () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await notesOf(store)).toEqual([]);
    });

    checkGaps();
  });
}
