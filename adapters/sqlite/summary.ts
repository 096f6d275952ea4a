import type { DatabaseSync } from 'node:sqlite';
import type { LiveSummary } from '../../core/ports/live-store.ts';

/** The progress of all objects in numbers. `lines` are those of the objects that were compacted, so that they add up. */
export function summaryOf(database: DatabaseSync): () => LiveSummary {
  const counts = database.prepare('select count(*) as due_days from due_days');
  const tallies = database.prepare('select name, amount from tallies');
  const parked = database.prepare(`select object, why from objects where stage = 'parked' order by object`);

  return () => {
    const { due_days } = counts.get() as unknown as Record<'due_days', number>;
    const amounts = new Map(tallies.all().map((row) => [row.name as string, row.amount as number]));
    const amount = (name: string): number => amounts.get(name) ?? 0;
    return {
      due_days,
      objects: {
        recorded: amount('recorded'),
        tracked: amount('tracked'),
        compacted: amount('compacted'),
        summarized: amount('summarized'),
        parked: amount('parked'),
        forgotten: amount('forgotten'),
      },
      lines: {
        lines: amount('lines'),
        inserted: amount('inserted'),
        duplicates: amount('duplicates'),
        unreadable: amount('unreadable'),
        unaccepted: amount('unaccepted'),
      },
      parked: parked.all().map((row) => ({ object: row.object as string, why: row.why as string })),
    };
  };
}
