import type { AcceptSettings } from '../core/accept/settings.ts';
import { type Ping, pingEvent } from '../core/ping.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { Event } from '../core/schema/event.ts';
import { NotTheirsError } from '../core/token/limit-errors.ts';
import { isInEnvironments, type Limits, limitsShown } from '../core/token/limits.ts';
import { acceptEach, type ReceivedLine } from './accept.ts';
import type { OwnerOf } from './pipeline-owners.ts';

export interface AdmitPorts {
  readonly limits: Limits;
  readonly ownerOf: OwnerOf;
  /** As the ledger accepts lines: what is checked here is what will be kept. */
  readonly settings: AcceptSettings;
  readonly clock: Clock;
}

/** Lines of a limited token that may be sent, and with them the owner that was added. */
export type Admit = (records: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>;

/**
 * Lets lines through that a limited token may send: events in its environments, of pipelines that are its owners' or that
 * nobody knows yet. With one event that is not, it throws `NotTheirsError`, and nothing is to be taken. What is no event is
 * let through: it is kept as a rejection, which only tokens without limits see.
 *
 * A token of one owner says it for events that say none, so that a pipeline that is sent for the first time is theirs.
 */
export function admitEvents({ limits, ownerOf, settings, clock }: AdmitPorts): Admit {
  return async (records) => {
    const lines: Uint8Array[] = [];
    const pipelines = new Map<string, { readonly event: Event; readonly place: number }>();
    let isChanged = false;
    acceptEach(records, clock.now(), settings, (outcome, line, place) => {
      const stamped = 'event' in outcome ? checked(outcome, line, place) : undefined;
      isChanged ||= stamped !== undefined;
      lines.push(stamped === undefined ? bytesOf(line) : encoder.encode(stamped));
    });
    for (const { event, place } of pipelines.values()) await checkOwner(event, place);
    return isChanged ? lines : records;

    /** The line with an owner, where it needs one. */
    function checked(
      { event, resent }: { readonly event: Event; readonly resent?: string },
      line: ReceivedLine,
      place: number,
    ): string | undefined {
      const { environment, process_name, owner = null } = event;
      if (resent !== undefined)
        throw new NotTheirsError(
          `expected new events, but got in line ${place} a rejected line that is sent again; that needs a token without limits`,
        );
      if (!isInEnvironments(limits, environment))
        throw notTheirs(limits, place, `an event of ${shown(process_name)} in the environment ${shown(environment)}`);
      if (limits.owners !== undefined && owner !== null && !limits.owners.includes(owner))
        throw notTheirs(limits, place, `an event of ${shown(process_name)} whose owner is ${shown(owner)}`);
      pipelines.set(JSON.stringify([environment, process_name]), { event, place });
      const [only, ...others] = limits.owners ?? [];
      const isOwnerless = owner === null && only !== undefined && others.length === 0;
      return isOwnerless ? withOwner(line.text, only) : undefined;
    }
  };

  /** Whose it is already is not told: it is not theirs to know. */
  async function checkOwner({ environment, process_name }: PipelineKey, place: number): Promise<void> {
    if (limits.owners === undefined) return;
    const owner = await ownerOf({ environment, process_name });
    if (owner === undefined || (owner !== null && limits.owners.includes(owner))) return;
    throw notTheirs(limits, place, `an event of ${shown(process_name)}, which is a pipeline of others, or of nobody`);
  }
}

/** Lets a ping through that a limited token may send, with the owner that its run needs. */
export const admitPing =
  ({ limits, clock }: Pick<AdmitPorts, 'limits' | 'clock'>, admit: Admit) =>
  async (ping: Ping): Promise<Ping> => {
    await admit([encoder.encode(JSON.stringify(pingEvent(ping, ping.run_id ?? 'new', clock.now())))]);
    const [owner, ...others] = limits.owners ?? [];
    return owner === undefined || others.length > 0 ? ping : { ...ping, owner };
  };

/** The same sink for who may send some events only. */
export const admittingSink = (sink: EventSink, admit: Admit): EventSink => ({
  send: async (records) => sink.send(await admit(records)),
});

const encoder = new TextEncoder();
const bytesOf = ({ text, bytes }: ReceivedLine): Uint8Array => bytes ?? encoder.encode(text);

/** The line with an owner behind everything else it says: of one key given twice the last holds. */
function withOwner(line: string, owner: string): string | undefined {
  const end = line.lastIndexOf('}');
  return end === -1 ? undefined : `${line.slice(0, end)},"owner":${JSON.stringify(owner)}${line.slice(end)}`;
}

const notTheirs = (limits: Limits, place: number, came: string): NotTheirsError =>
  new NotTheirsError(
    `expected events that this token may send (it is limited to ${limitsShown(limits)}), but got in line ${place} ${came}; nothing was taken, send it with a token that may, or with another owner or environment`,
  );

const shown = (name: string | null): string => (name ?? '').slice(0, 80);
