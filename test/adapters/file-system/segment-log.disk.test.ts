import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linesOf } from '../../../adapters/file-system/lines.ts';
import { nodeDisk } from '../../../adapters/file-system/segment.ts';
import { openSegmentLog, type SegmentLogOptions } from '../../../adapters/file-system/segment-log.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const openLog = (options: Partial<SegmentLogOptions> = {}) =>
  openSegmentLog({ root, prefix: 'raw', now: () => Date.UTC(2025, 10, 3, 12), ...options });
const files = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.ndjson'));
const contentOf = (object: string) => readFileSync(join(root, object), 'utf8');

describe('when the disk fails', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  /** Writes this many bytes of the next batch, then does what a full disk does. */
  const failingOnce = (writtenBytes: number, end: 'throws' | 'short', cutFails = 0) => {
    const state = { armed: false, cutsToFail: cutFails };
    return {
      state,
      disk: {
        ...nodeDisk,
        write: (fd: number, bytes: Uint8Array, position: number) => {
          if (!state.armed) return nodeDisk.write(fd, bytes, position);
          state.armed = false;
          const written = nodeDisk.write(fd, bytes.subarray(0, writtenBytes), position);
          if (end === 'throws') throw full;
          return written;
        },
        truncate: (fd: number, sizeBytes: number) => {
          if (state.cutsToFail-- > 0) throw new Error('EIO: cannot truncate');
          nodeDisk.truncate(fd, sizeBytes);
        },
      },
    };
  };

  test.each(['throws', 'short'] as const)(
    'and a write %s, no byte of the batch stays, and the next is whole',
    (end) => {
      const { state, disk } = failingOnce(7, end);
      const log = openLog({ disk });
      const { object } = log.append(linesOf(['first']));
      state.armed = true;
      expect(() => log.append(linesOf(['second', 'third']))).toThrow(
        `Expected room for 13 bytes in ${dirname(join(root, object))}, got: `,
      );
      expect(contentOf(`${object}.open`)).toBe('first\n');
      log.append(linesOf(['fourth']));
      expect(log.seal()).toEqual([{ object, lines: 2, size_bytes: 13 }]);
      expect(contentOf(object)).toBe('first\nfourth\n');
    },
  );

  test('the error says what to do and carries its cause', () => {
    const { state, disk } = failingOnce(0, 'throws');
    const log = openLog({ disk });
    state.armed = true;
    expect(() => log.append(linesOf(['1']))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          'ENOSPC: no space left on device. Nothing of this batch was taken: free space there, then send it again.',
        ),
        cause: full,
      }),
    );
    expect(log.seal()).toEqual([]);
    expect(files()).toEqual([]);
  });

  test.each(['append', 'seal'] as const)('and not even cutting works, the next %s cuts first', (next) => {
    const { state, disk } = failingOnce(9, 'throws', 1);
    const log = openLog({ disk });
    const { object } = log.append(linesOf(['first']));
    state.armed = true;
    expect(() => log.append(linesOf(['second', 'third']))).toThrow('ENOSPC');
    expect(contentOf(`${object}.open`)).toBe('first\nsecond\nth');
    if (next === 'append') log.append(linesOf(['4']));
    log.seal();
    expect(contentOf(object)).toBe(next === 'append' ? 'first\n4\n' : 'first\n');
  });

  test('while cutting keeps failing, nothing is taken', () => {
    const { state, disk } = failingOnce(9, 'throws', 3);
    const log = openLog({ disk });
    const { object } = log.append(linesOf(['first']));
    state.armed = true;
    expect(() => log.append(linesOf(['second']))).toThrow('ENOSPC');
    expect(() => log.append(linesOf(['third']))).toThrow('cannot truncate');
    log.append(linesOf(['fourth']));
    log.seal();
    expect(contentOf(object)).toBe('first\nfourth\n');
  });

  test('and a batch cannot be synced, it is not taken', () => {
    let failing = false;
    const log = openLog({
      fsync: true,
      disk: {
        ...nodeDisk,
        sync: (fd) => {
          if (failing) throw new Error('EIO: i/o error');
          nodeDisk.sync(fd);
        },
      },
    });
    const { object } = log.append(linesOf(['first']));
    failing = true;
    expect(() => log.append(linesOf(['second']))).toThrow('got: EIO: i/o error');
    expect(contentOf(`${object}.open`)).toBe('first\n');
    expect(() => log.seal()).toThrow(`Expected to seal ${join(root, object)}, got: EIO: i/o error.`);
    failing = false;
    expect(log.seal()).toEqual([{ object, lines: 1, size_bytes: 6 }]);
  });

  test('and a segment cannot be renamed, others take the lines, and it is sealed and told of later', () => {
    const log = openLog();
    const { object } = log.append(linesOf(['first']));
    mkdirSync(join(root, object));
    expect(() => log.seal()).toThrow('check the folder, then seal again');
    const other = log.append(linesOf(['second', 'third']));
    expect(() => log.seal()).toThrow('check the folder, then seal again');
    rmSync(join(root, object), { recursive: true });
    expect(log.sealDue()).toMatchObject([
      { object: other.object, lines: 2 },
      { object, lines: 1 },
    ]);
  });

  test('segments that cannot be sealed hold few files open: then nothing more is taken', () => {
    const log = openLog();
    for (let count = 0; count < 16; count++) {
      mkdirSync(join(root, log.append(linesOf(['line'])).object));
      expect(() => log.seal()).toThrow('check the folder');
    }
    expect(() => log.append(linesOf(['more']))).toThrow('check the folder, then seal again');
    rmSync(join(root, 'raw'), { recursive: true });
    log.append(linesOf(['more']));
    expect(log.seal()).toHaveLength(17);
  });

  test('and somebody removes the folder of an open segment, its lines are written again', () => {
    const log = openLog();
    const { object } = log.append(linesOf(['first']));
    rmSync(join(root, 'raw'), { recursive: true });
    log.append(linesOf(['second']));
    expect(log.seal()).toEqual([{ object, lines: 2, size_bytes: 13 }]);
    expect(contentOf(object)).toBe('first\nsecond\n');
  });

  test('and the name of a sealed segment cannot be synced, it is told of later', () => {
    let failing = true;
    const log = openLog({
      disk: {
        ...nodeDisk,
        syncFolder: (folder) => {
          if (failing) throw new Error('EIO: i/o error');
          nodeDisk.syncFolder(folder);
        },
      },
    });
    const { object } = log.append(linesOf(['first']));
    expect(() => log.seal()).toThrow('got: EIO: i/o error.');
    failing = false;
    expect(log.sealDue()).toEqual([{ object, lines: 1, size_bytes: 6 }]);
  });

  test('and the folder cannot be made, the batch is refused', () => {
    writeFileSync(join(root, 'raw'), 'in the way');
    expect(() => openLog().append(linesOf(['1']))).toThrow(
      `Expected room for a new segment in ${join(root, 'raw', 'dt=')}`,
    );
  });
});
