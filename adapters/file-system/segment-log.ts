import { randomBytes } from 'node:crypto';
import { instantOf } from '../../core/instant.ts';
import { arrivalFolder } from '../../core/object-keys.ts';
import type { Lines } from './lines.ts';
import { type Disk, nodeDisk, type Sealed, Segment } from './segment.ts';

export { recoverSegments } from './recover-segments.ts';
export type { Sealed } from './segment.ts';

export interface SegmentLogOptions {
  /** The root folder of the object store; sealed segments are objects in it. */
  readonly root: string;
  /** The beginning of their keys: `raw`. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Seals a segment of this size. Default: 5 MiB. */
  readonly maxBytes?: number;
  /** Seals a segment this long after it was opened. Default: 60 s. */
  readonly maxAgeMs?: number;
  /** Seals a segment this long after the last append. Default: 2 s. */
  readonly idleMs?: number;
  /** True: an append returns once its lines are on the disk, not only in the operating system's cache. Default: false. */
  readonly fsync?: boolean;
  /** For tests. */
  readonly disk?: Disk;
}

/** Lands lines on a laptop, in one open segment at a time. It is synchronous: give it a thread of its own. */
export interface SegmentLog {
  /**
   * Appends all lines, or throws and appends none. Returns the key of the object that will hold the lines once the
   * segment is sealed.
   */
  append(lines: Lines): { readonly object: string };
  /**
   * Seals the open segment if it is large, old or idle enough, or its hour is over. Returns all newly sealed segments.
   * Throws when one cannot be sealed; it is kept, lines go into another one, and the next call tries again.
   */
  sealDue(): readonly Sealed[];
  /** Seals the open segment. Returns all newly sealed segments. Throws as `sealDue` does. */
  seal(): readonly Sealed[];
}

export function openSegmentLog(options: SegmentLogOptions): SegmentLog {
  const { root, prefix, now, fsync = false, disk = nodeDisk } = options;
  const { maxBytes = 5 * 1024 * 1024, maxAgeMs = 60_000, idleMs = 2_000 } = options;
  let open: { readonly segment: Segment; readonly openedAt: number; appendedAt: number } | undefined;
  /** Segments that take no lines any more and are not sealed yet: sealing one may fail, and is tried again. */
  let sealing: Segment[] = [];
  /** Sealed segments that no call has returned yet. */
  let unreturned: Sealed[] = [];

  const closeOpen = (): void => {
    if (open) sealing.push(open.segment);
    open = undefined;
  };
  /** Seals all that it can, then throws the first failure. */
  const sealClosed = (): void => {
    const failures: unknown[] = [];
    sealing = sealing.filter((segment) => {
      try {
        const sealed = segment.seal();
        if (sealed) unreturned.push(sealed);
        return false;
      } catch (error) {
        failures.push(error);
        return true;
      }
    });
    if (failures.length > 0) throw failures[0];
  };
  const takeSealed = (): readonly Sealed[] => {
    const sealed = unreturned;
    unreturned = [];
    return sealed;
  };
  const isDue = ({ segment, openedAt, appendedAt }: NonNullable<typeof open>, at: number): boolean =>
    segment.sizeBytes >= maxBytes ||
    hasPassed(maxAgeMs, openedAt, at) ||
    hasPassed(idleMs, appendedAt, at) ||
    hourOf(openedAt) !== hourOf(at);

  return {
    append(lines) {
      const at = now();
      // After a night asleep the first append may come before the timer; it must not land in yesterday's hour.
      if (open && hourOf(open.openedAt) !== hourOf(at)) closeOpen();
      if (sealing.length >= MAX_SEALING) sealClosed();
      open ??= { segment: new Segment(root, keyOf(prefix, at), disk), openedAt: at, appendedAt: at };
      open.segment.append(lines, fsync);
      open.appendedAt = at;
      return { object: open.segment.object };
    },

    sealDue() {
      if (open && isDue(open, now())) closeOpen();
      sealClosed();
      return takeSealed();
    },

    seal() {
      closeOpen();
      sealClosed();
      return takeSealed();
    },
  };
}

/** Each that waits to be sealed holds a file open. */
const MAX_SEALING = 16;

/** True also when the clock was set back, because then the elapsed time is unknown. */
const hasPassed = (periodMs: number, since: number, at: number): boolean => at - since >= periodMs || at < since;

const hourOf = (epochMs: number): number => Math.floor(epochMs / 3_600_000);

function keyOf(prefix: string, openedAt: number): string {
  const instant = instantOf(openedAt);
  const name = `${instant.replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`;
  return `${arrivalFolder(prefix, instant)}${name}.ndjson`;
}
