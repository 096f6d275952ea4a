import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../../adapters/file-system/lines.ts';
import { type Disk, nodeDisk, type Sealed } from '../../../adapters/file-system/segment.ts';
import { openSegmentLog, recoverSegments, type SegmentLog } from '../../../adapters/file-system/segment-log.ts';

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('append' as const), lines: fc.nat(4) }) },
  fc.record({
    kind: fc.constant('append on a full disk' as const),
    lines: fc.integer({ min: 1, max: 4 }),
    writtenBytes: fc.nat(30),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 2_000, 60_000, 3_600_000, -700) }),
  fc.record({ kind: fc.constant('seal' as const) }),
  fc.record({ kind: fc.constant('sealDue' as const) }),
  fc.record({ kind: fc.constant('crash' as const) }),
  fc.record({
    kind: fc.constant('crash in an append' as const),
    lines: fc.integer({ min: 1, max: 4 }),
    writtenBytes: fc.nat(30),
  }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

test('whatever happens, each line that was taken is in one object once, in order, and those told of are right', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const laptop = new Laptop();
      try {
        for (const each of commands) laptop.does(each);
        laptop.stops();
        laptop.isRight();
      } finally {
        laptop.isThrownAway();
      }
    }),
    { numRuns: 300 },
  );
});

/** A log on a disk that fails on demand, and what must come of it. */
class Laptop {
  readonly #root = mkdtempSync(join(tmpdir(), 'runledger-'));
  readonly #told = new Map<string, Sealed>();
  /** By object: the lines that were taken. */
  readonly #taken = new Map<string, string[]>();
  /** Lines of batches that were neither taken nor refused, as the process died over them. */
  readonly #unanswered = new Set<string>();
  #now = Date.UTC(2025, 10, 3, 12);
  #made = 0;
  #log = this.#open();
  #failure: { readonly writtenBytes: number; readonly dies: boolean } | undefined;
  #lastFd: number | undefined;

  does(command: Command): void {
    if (command.kind === 'append') this.#append(this.#someLines(command.lines));
    else if (command.kind === 'wait') this.#now += command.ms;
    else if (command.kind === 'crash') this.#crash();
    else if (command.kind === 'seal' || command.kind === 'sealDue') this.#hear(this.#log[command.kind]());
    else {
      const lines = this.#someLines(command.lines);
      const sizeBytes = lines.join('\n').length + 1;
      const dies = command.kind === 'crash in an append';
      this.#failure = { writtenBytes: Math.min(command.writtenBytes, sizeBytes - 1), dies };
      expect(() => this.#log.append(linesOf(lines))).toThrow();
      if (!dies) return;
      for (const line of lines) this.#unanswered.add(line);
      this.#crash();
    }
  }

  stops(): void {
    this.#hear(this.#log.seal());
  }

  isRight(): void {
    const names = readdirSync(this.#root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.ndjson/.test(name),
    );
    const answered: [string, string[]][] = [];
    for (const object of names.sort()) {
      const lines = readFileSync(join(this.#root, object), 'utf8').split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.length).toBeGreaterThan(0);
      const told = this.#told.get(object);
      if (told) expect(told.lines).toBe(lines.length);
      const kept = lines.filter((line) => !this.#unanswered.has(line));
      if (kept.length > 0) answered.push([object, kept]);
    }
    expect(answered).toEqual([...this.#taken].sort(([a], [b]) => (a < b ? -1 : 1)));
    expect([...this.#told.keys()].filter((object) => !names.includes(object))).toEqual([]);
  }

  isThrownAway(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #someLines(count: number): readonly string[] {
    return Array.from({ length: count }, () => `line-${this.#made++}`);
  }

  #append(lines: readonly string[]): void {
    const { object } = this.#log.append(linesOf(lines));
    if (lines.length > 0) this.#taken.set(object, [...(this.#taken.get(object) ?? []), ...lines]);
  }

  #hear(sealed: readonly Sealed[]): void {
    for (const each of sealed) {
      expect(this.#told.has(each.object)).toBe(false);
      this.#told.set(each.object, each);
    }
  }

  #crash(): void {
    const isOpen = readdirSync(this.#root, { recursive: true, encoding: 'utf8' }).some((name) =>
      name.endsWith('.open'),
    );
    if (isOpen && this.#lastFd !== undefined) closeSync(this.#lastFd);
    this.#lastFd = undefined;
    this.#hear(recoverSegments(this.#root, 'raw'));
    this.#log = this.#open();
  }

  #open(): SegmentLog {
    const disk: Disk = {
      ...nodeDisk,
      write: (fd, bytes, position) => {
        this.#lastFd = fd;
        if (this.#failure === undefined) return nodeDisk.write(fd, bytes, position);
        return nodeDisk.write(fd, bytes.subarray(0, this.#failure.writtenBytes), position);
      },
      truncate: (fd, sizeBytes) => {
        const failure = this.#failure;
        this.#failure = undefined;
        if (failure?.dies) throw new Error('the process died');
        nodeDisk.truncate(fd, sizeBytes);
      },
    };
    return openSegmentLog({ root: this.#root, prefix: 'raw', now: () => this.#now, maxBytes: 100, disk });
  }
}
