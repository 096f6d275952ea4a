import { counted } from '../core/format.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { Troubles } from './troubles.ts';

/** What an answer from the tables is without, and why; undefined when it is whole. */
export async function waitingNote(live: LiveStore, troubles: Troubles): Promise<string | undefined> {
  const causes = troubles.list();
  // The troubles say it when the live store cannot even be read.
  const summary = await live.summary().catch(() => undefined);
  const parked = summary?.parked.length ?? 0;
  const said = [
    ...(causes.length === 0 ? [] : [`the tables may lack the newest events, which are kept (${waitingOf(summary)})`]),
    ...causes.map(({ part, cause }) => `${part}: ${cause}`),
    ...(parked === 0
      ? []
      : [`${counted(parked, 'object')} could not be taken in; \`runledger objects parked\` names each`]),
  ];
  return said.length === 0 ? undefined : said.join('; ');
}

function waitingOf(summary: Awaited<ReturnType<LiveStore['summary']>> | undefined): string {
  if (summary === undefined) return 'how many objects wait cannot be told';
  const { recorded, tracked, compacted } = summary.objects;
  return `${counted(recorded + tracked + compacted, 'object')} ${recorded + tracked + compacted === 1 ? 'waits' : 'wait'}`;
}
