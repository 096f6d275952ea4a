import type { RunIdentity } from './event.ts';

/** One event waiting to be sent, and its run. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly run: RunIdentity;
}

export interface BufferLimits {
  readonly events: number;
  readonly bytes: number;
}

/**
 * The events not yet taken by a transport, oldest first, within limits. Those that were taken out to be sent still count
 * until they are released, so that the limits bound all the client holds.
 */
export class EventBuffer {
  readonly #limits: BufferLimits;
  #lines: (Line | undefined)[] = [];
  /** Lines before it have been taken: moving it instead of the lines keeps taking cheap. */
  #head = 0;
  readonly #held: Size = { events: 0, bytes: 0 };
  /** The part of it that was taken out and not yet released. */
  readonly #taken: Size = { events: 0, bytes: 0 };

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  /** Waiting and being sent. */
  get events(): number {
    return this.#held.events;
  }
  get bytes(): number {
    return this.#held.bytes;
  }
  /** Waiting alone. */
  get waiting(): number {
    return this.#lines.length - this.#head;
  }
  get isEmpty(): boolean {
    return this.#head === this.#lines.length;
  }

  /**
   * Adds the newest event and returns the events dropped for it: the oldest ones, because later events know more (an END
   * repeats everything of its START). Returns the event itself when dropping all others would not make room.
   */
  push(line: Line): readonly Line[] {
    if (!this.#fits(line, this.#taken)) return [line];
    const dropped: Line[] = [];
    while (!this.#fits(line, this.#held)) {
      const oldest = this.take(1);
      this.release(oldest);
      dropped.push(...oldest);
    }
    this.#lines.push(line);
    add(this.#held, [line]);
    return dropped;
  }

  hasRoomFor(line: Line): boolean {
    return this.#fits(line, this.#held);
  }

  /** The waiting events in order. */
  *[Symbol.iterator](): Generator<Line> {
    for (let index = this.#head; index < this.#lines.length; index++) yield this.#lines[index] as Line;
  }

  /** Takes the oldest `count` out, to be sent. They count until `release`d. */
  take(count: number): readonly Line[] {
    const end = Math.min(this.#head + count, this.#lines.length);
    const taken = this.#lines.slice(this.#head, end) as Line[];
    add(this.#taken, taken);
    this.#lines.fill(undefined, this.#head, end);
    this.#head = end;
    if (this.#head * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  /** Puts what was taken back to the front, in its order. */
  restore(lines: readonly Line[]): void {
    subtract(this.#taken, lines);
    this.#lines = [...lines, ...(this.#lines.slice(this.#head) as Line[])];
    this.#head = 0;
  }

  /** Forgets what was taken. */
  release(lines: readonly Line[]): void {
    subtract(this.#taken, lines);
    subtract(this.#held, lines);
  }

  #fits(line: Line, held: Size): boolean {
    return held.events < this.#limits.events && held.bytes + line.bytes.length <= this.#limits.bytes;
  }
}

interface Size {
  events: number;
  bytes: number;
}

function add(size: Size, lines: readonly Line[]): void {
  size.events += lines.length;
  for (const line of lines) size.bytes += line.bytes.length;
}

function subtract(size: Size, lines: readonly Line[]): void {
  size.events -= lines.length;
  for (const line of lines) size.bytes -= line.bytes.length;
}
