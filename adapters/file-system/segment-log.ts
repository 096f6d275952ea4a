import { randomBytes } from 'node:crypto';
import { instantOf } from '../../core/instant.ts';
import { arrivalFolder } from '../../core/object-keys.ts';
import type { Lines } from './lines.ts';
import { type Disk, nodeDisk, type Sealed, Segment } from './segment.ts';

export { recoverSegments } from './recover-segments.ts';
export type { Sealed } from './segment.ts';

export interface SegmentLogOptions {
  /** The folder of the object store in which sealed segments are objects. */
  readonly root: string;
  /** What their keys begin with: `raw`. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A segment of this size is sealed. Default: 5 MiB. */
  readonly maxBytes?: number;
  /** A segment opened this long ago is sealed. Default: 60 s. */
  readonly maxAgeMs?: number;
  /** A segment nothing was appended to for this long is sealed. Default: 2 s. */
  readonly idleMs?: number;
  /** Each append is on the disk, not only with the operating system, before it returns. Default: false. */
  readonly fsync?: boolean;
  /** For tests. */
  readonly disk?: Disk;
}

/** Where a laptop lands lines: one open segment at a time. It works synchronously: give it a thread of its own. */
export interface SegmentLog {
  /**
   * Appends all lines or, when it throws, none: then nothing of the batch was taken. Returns the key of the object that
   * the lines will be found in once it is sealed.
   */
  append(lines: Lines): { readonly object: string };
  /** Seals the open segment if it is large, old or idle enough, or its hour is over. Returns what was sealed since. */
  sealDue(): readonly Sealed[];
  /** Seals the open segment. Returns what was sealed since. */
  seal(): readonly Sealed[];
}

export function openSegmentLog(options: SegmentLogOptions): SegmentLog {
  const { root, prefix, now, fsync = false, disk = nodeDisk } = options;
  const { maxBytes = 5 * 1024 * 1024, maxAgeMs = 60_000, idleMs = 2_000 } = options;
  let open: { readonly segment: Segment; readonly openedAt: number; appendedAt: number } | undefined;
  /** Sealed segments that nobody has been told of. */
  let untold: Sealed[] = [];

  const sealOpen = (): void => {
    const sealed = open?.segment.seal();
    open = undefined;
    if (sealed) untold.push(sealed);
  };
  const tell = (): readonly Sealed[] => {
    const told = untold;
    untold = [];
    return told;
  };
  const isDue = ({ segment, openedAt, appendedAt }: NonNullable<typeof open>, at: number): boolean =>
    !segment.takesLines ||
    segment.sizeBytes >= maxBytes ||
    hasPassed(maxAgeMs, openedAt, at) ||
    hasPassed(idleMs, appendedAt, at) ||
    hourOf(openedAt) !== hourOf(at);

  return {
    append(lines) {
      const at = now();
      // After a night asleep the first append comes before the timer: it must not land in yesterday's hour.
      if (open && (!open.segment.takesLines || hourOf(open.openedAt) !== hourOf(at))) sealOpen();
      open ??= { segment: new Segment(root, keyOf(prefix, at), disk), openedAt: at, appendedAt: at };
      open.segment.append(lines, fsync);
      open.appendedAt = at;
      return { object: open.segment.object };
    },

    sealDue() {
      if (open && isDue(open, now())) sealOpen();
      return tell();
    },

    seal() {
      sealOpen();
      return tell();
    },
  };
}

/** True as well when the clock was set back: how long it has been is unknown then. */
const hasPassed = (periodMs: number, since: number, at: number): boolean => at - since >= periodMs || at < since;

const hourOf = (epochMs: number): number => Math.floor(epochMs / 3_600_000);

function keyOf(prefix: string, openedAt: number): string {
  const instant = instantOf(openedAt);
  const name = `${instant.replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`;
  return `${arrivalFolder(prefix, instant)}${name}.ndjson`;
}
