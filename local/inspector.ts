import { counted } from '../core/format.ts';
import { arrivalDateOf } from '../core/object-keys.ts';
import type { RawFindings } from '../core/objects/raw-findings.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { compareRaw } from '../flows/compare-raw.ts';
import { recordLanded } from '../flows/track-object.ts';
import type { Inspection } from '../ledger/api.ts';
import { daily } from './daily.ts';
import type { Ingest } from './ingest.ts';
import type { LiveLane } from './live-lane.ts';
import type { LocalPorts } from './ports.ts';
import { rawKeptFrom } from './retention.ts';
import type { Troubles } from './troubles.ts';

/** Compares what lies on the disk with what is recorded: when asked, at the start, and once a day. */
export interface Inspector {
  inspect(): Promise<Inspection>;
  /** Resolves once the look under way is done. */
  close(): Promise<void>;
}

interface InspectorPorts {
  readonly store: ObjectStore;
  readonly live: LocalPorts['live'];
  readonly ingest: Ingest;
  readonly lane: LiveLane;
  readonly troubles: Troubles;
}

/** `onError` gets what the looks of its own find, once each. */
export function startInspector(
  { store, live, ingest, lane, troubles }: InspectorPorts,
  onError: (error: unknown) => void,
): Inspector {
  async function inspect(): Promise<Inspection> {
    await ingest.sync();
    await lane.drain();
    const found = await compareRaw(store, live.recordedSizes());
    // Asked afterwards: the day is written down before its files are removed.
    const keptFrom = await rawKeptFrom(store);
    const missing = found.missing.filter((object) => (arrivalDateOf(object) ?? keptFrom) >= keptFrom);
    const unrecorded: string[] = [];
    for (const object of found.unrecorded) if (!(await live.hasObject(object))) unrecorded.push(object);
    const lands = !troubles.list().some(({ part }) => part === 'ingest' || part === 'ingest worker');
    return { raw: { ...found, missing, unrecorded }, lands };
  }
  const look = async (): Promise<void> => {
    await recordLanded(store, live);
    const found = describe((await inspect()).raw);
    if (found !== undefined) onError(new Error(found));
  };
  return { inspect, ...daily(look, onError) };
}

/** Undefined when nothing is missing. */
function describe({ missing, changed }: RawFindings): string | undefined {
  const found = [
    ...(missing.length === 0 ? [] : [`${counted(missing.length, 'raw file')} missing, the first ${missing[0]}`]),
    ...(changed.length === 0
      ? []
      : [`${counted(changed.length, 'raw file')} not as recorded, the first ${changed[0]?.object}`]),
  ];
  return found.length === 0 ? undefined : `${found.join('; ')}: restore what you can; \`runledger doctor\` names each`;
}
