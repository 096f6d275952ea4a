import { useEffect, useState } from 'preact/hooks';
import { durationShown, UNKNOWN } from '../../../core/format.ts';
import { nowMs } from '../time/clock.ts';
import { bothShown, wallOf, whenShown } from '../time/zone.ts';
import { useZone } from '../time/zones.ts';

/** A moment in the shown zone; the other one, and how long ago it was, for who rests on it. */
export function When({ at, zone }: { readonly at: string | null; readonly zone?: string | undefined }) {
  const shown = useZone();
  const inZone = zone ?? shown;
  const epochMs = at === null ? Number.NaN : Date.parse(at);
  if (at === null || Number.isNaN(epochMs)) return <span class="unknown">{UNKNOWN}</span>;
  return (
    <time dateTime={at} title={`${bothShown(epochMs, inZone)} · ${agoShown(epochMs)}`}>
      {whenShown(epochMs, inZone, nowMs())}
    </time>
  );
}

/** A moment with both times written out. */
export function Both({ at, zone }: { readonly at: string | null; readonly zone?: string | undefined }) {
  const shown = useZone();
  const inZone = zone ?? shown;
  if (at === null) return <span class="unknown">{UNKNOWN}</span>;
  const epochMs = Date.parse(at);
  const [local, utc] = [wallOf(epochMs, inZone), wallOf(epochMs, 'UTC')];
  const isSameDay = local.slice(0, 10) === utc.slice(0, 10);
  return (
    <time dateTime={at} title={agoShown(epochMs)} class="both">
      {inZone === 'UTC' ? `${utc} UTC` : local}
      {inZone !== 'UTC' && (
        <small>
          {' '}
          {inZone}, {isSameDay ? utc.slice(11) : utc} UTC
        </small>
      )}
    </time>
  );
}

export const agoShown = (epochMs: number): string =>
  epochMs <= nowMs() ? `${coarse(nowMs() - epochMs)} ago` : `in ${coarse(epochMs - nowMs())}`;

/** In its largest unit: `5 min`, `3 h`. */
const coarse = (ms: number): string =>
  ms < 60_000 ? `${Math.floor(ms / 1000)} s` : durationShown(ms).split(' ').slice(0, 2).join(' ');

export function Ago({ at }: { readonly at: string | null }) {
  useSecond(30_000);
  const shown = useZone();
  if (at === null) return <span class="unknown">{UNKNOWN}</span>;
  return (
    <time dateTime={at} title={bothShown(Date.parse(at), shown)}>
      {agoShown(Date.parse(at))}
    </time>
  );
}

/** Draws anew every so often: what still runs grows. */
export function useSecond(everyMs = 1_000): number {
  const [, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setCount((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs();
}
