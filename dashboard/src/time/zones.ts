import { useEffect, useState } from 'preact/hooks';
import { isZone } from './zone.ts';

/*
 * In which zone times are shown: that of the reader's choice, else that of the pipelines' file, else the browser's. A
 * pipeline with a schedule is shown in the zone of its schedule, whatever was chosen.
 */

const KEY = 'runledger-zone';
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const listeners = new Set<() => void>();
let chosen = stored();
let ofPipelines: string | undefined;

function stored(): string | undefined {
  const zone = localStorage.getItem(KEY);
  return zone !== null && isZone(zone) ? zone : undefined;
}

export const shownZone = (): string => chosen ?? ofPipelines ?? browserZone;
export const offeredZones = (): readonly string[] => [
  ...new Set(['UTC', browserZone, ...(ofPipelines === undefined ? [] : [ofPipelines]), shownZone()]),
];

function changed(): void {
  for (const listener of listeners) listener();
}

export function chooseZone(zone: string): void {
  chosen = zone;
  localStorage.setItem(KEY, zone);
  changed();
}

/** Notes the zone that most schedules of the file name. */
export function notePipelinesZone(zone: string | undefined): void {
  if (zone === ofPipelines) return;
  ofPipelines = zone;
  changed();
}

export function useZone(): string {
  const [zone, setZone] = useState(shownZone);
  useEffect(() => {
    const update = (): void => setZone(shownZone());
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return zone;
}
