import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Spool } from '../src/spool.ts';
import { aFolder } from './a-folder.ts';

const LIMITS = { bytes: 1024 * 1024, ageMs: 86_400_000 };
const HERE = 'http://127.0.0.1:4319/events';

const lines = (...texts: string[]): Uint8Array[] => texts.map((text) => Buffer.from(`${text}\n`));

/** Claims everything, as text, and says that it is sent. */
function drained(spool: Spool): string[] {
  const found: string[] = [];
  for (let claimed = spool.claim(); claimed; claimed = spool.claim()) {
    found.push(...claimed.lines.map((line) => Buffer.from(line).toString().trimEnd()));
    spool.sent(claimed);
  }
  return found;
}

describe('a spool', () => {
  test('gives each file to one process, the oldest first', () => {
    using folder = aFolder();
    let nowMs = 1_000_000_000_000;
    const [spool, other] = [0, 1].map(() => new Spool(folder.path, HERE, LIMITS, () => nowMs)) as [Spool, Spool];
    spool.write(lines('1'));
    nowMs++;
    other.write(lines('2', '3'));

    const [first, second] = [spool.claim(), other.claim()];
    expect([first?.lines.length, second?.lines.length, spool.claim()]).toEqual([1, 2, undefined]);
    if (second) other.giveBack(second);

    expect(drained(spool)).toEqual(['2', '3']);
  });

  test('gives small files together, as many as one call takes, and lists its folder once for all of them', () => {
    using folder = aFolder();
    let nowMs = 1_000_000_000_000;
    const spool = new Spool(folder.path, HERE, LIMITS, () => nowMs++);
    for (const text of ['1', '2', '3', '4', '5']) spool.write(lines(text));
    const texts = (claimed = spool.claim(4)) => claimed?.lines.map((line) => String(Buffer.from(line)).trim());

    expect([texts(), texts(), texts(), texts()]).toEqual([['1', '2'], ['3', '4'], ['5'], undefined]);
  });

  test('looks at its limits once a minute, and sooner when much is written', () => {
    using folder = aFolder();
    let nowMs = 1_000_000_000_000;
    const spool = new Spool(folder.path, HERE, { bytes: 64_000, ageMs: 30_000 }, () => nowMs);
    spool.write(lines('old'));
    nowMs += 31_000;
    expect(spool.write(lines('2'))).toBe(0);
    expect(spool.write(lines('x'.repeat(1_000)))).toBe(1);
    nowMs += 61_000;

    expect(spool.write(lines('3'))).toBe(2);
  });

  test('keeps its files for their owner alone', () => {
    using folder = aFolder();
    const spool = new Spool(folder.path, HERE, LIMITS, Date.now);
    spool.write(lines('1'));

    const modes = [spool.folder, ...folder.files()].map((path) => statSync(path).mode & 0o077);

    expect(modes).toEqual([0, 0]);
  });

  test('deletes the oldest when there is too much, and says how many events that were', () => {
    using folder = aFolder();
    let nowMs = 1_000_000_000_000;
    const spool = new Spool(folder.path, HERE, { ...LIMITS, bytes: 25 }, () => nowMs++);

    const deleted = ['a', 'b', 'c', 'd'].map((letter) => spool.write(lines(letter.repeat(9))));

    expect(deleted).toEqual([0, 0, 1, 1]);
    expect(drained(spool)).toEqual(['c'.repeat(9), 'd'.repeat(9)]);
  });

  test('deletes what is too old', () => {
    using folder = aFolder();
    let nowMs = 1_000_000_000_000;
    const spool = new Spool(folder.path, HERE, { ...LIMITS, ageMs: 60_000 }, () => nowMs);
    spool.write(lines('1', '2'));
    nowMs += 60_001;

    expect(spool.write(lines('3'))).toBe(2);
    expect(drained(spool)).toEqual(['3']);
  });

  test('takes up after a while what a process left half sent or half written', () => {
    using folder = aFolder();
    const spool = new Spool(folder.path, HERE, LIMITS, Date.now);
    spool.write(lines('1'));
    spool.claim();
    writeFileSync(join(spool.folder, '.1000000000000-0123456789abcdef-2-15.ndjson.tmp'), '{"whole":1}\n{"ha');
    expect(spool.claim()).toBeUndefined();

    for (const file of folder.files()) utimesSync(file, 1_000_000_000, 1_000_000_000);

    expect(drained(spool).sort()).toEqual(['1', '{"whole":1}']);
    expect(folder.files()).toEqual([]);
  });

  test('leaves nothing behind where it cannot write', () => {
    using folder = aFolder();
    const spool = new Spool(folder.path, HERE, LIMITS, Date.now);
    writeFileSync(spool.folder, 'a file where the folder would be');

    expect(() => spool.write(lines('1'))).toThrow();
    expect(spool.claim()).toBeUndefined();
  });

  test('keeps what is for one ledger from another', () => {
    using folder = aFolder();
    new Spool(folder.path, HERE, LIMITS, Date.now).write(lines('1'));

    expect(new Spool(folder.path, 'firehose:runledger', LIMITS, Date.now).claim()).toBeUndefined();
  });

  test('loses and doubles nothing when many processes write and send at once', async () => {
    using folder = aFolder();
    const script = `
      import { Spool } from ${JSON.stringify(new URL('../src/spool.ts', import.meta.url).href)};
      const spool = new Spool(${JSON.stringify(folder.path)}, ${JSON.stringify(HERE)}, ${JSON.stringify(LIMITS)}, Date.now);
      for (let at = 0; at < 25; at++) {
        spool.write([Buffer.from(process.argv[1] + '-' + at + '\\n')]);
        const claimed = at % 2 ? spool.claim() : undefined;
        if (!claimed) continue;
        for (const line of claimed.lines) process.stdout.write(line);
        spool.sent(claimed);
      }`;
    const writers = ['a', 'b', 'c', 'd'].map((name) => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk));
      return new Promise<string>((resolve) => child.on('close', () => resolve(output)));
    });

    const taken = (await Promise.all(writers)).flatMap((output) => output.split('\n').filter((line) => line !== ''));
    const all = [...taken, ...drained(new Spool(folder.path, HERE, LIMITS, Date.now))];

    const written = ['a', 'b', 'c', 'd'].flatMap((name) => Array.from({ length: 25 }, (_, at) => `${name}-${at}`));
    expect(all.sort()).toEqual(written.sort());
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!hasPython)('the spool of the Python client', () => {
  const python = (script: string, ...args: string[]): string =>
    execFileSync('python3', ['-c', script, ...args], {
      env: { ...process.env, PYTHONPATH: fileURLToPath(new URL('../../python/src', import.meta.url)) },
      encoding: 'utf8',
    });

  test.each([
    HERE,
    'firehose:runledger',
    'https://ledger.example/a-rather-long-path/of-a-ledger/behind-a-proxy/events',
  ])('is the same: each sends what the other left for %s', (destination) => {
    using folder = aFolder();
    mkdirSync(folder.path, { recursive: true });
    const spool = new Spool(folder.path, destination, LIMITS, Date.now);
    python(
      'import sys; from runledger.spool import Spool; Spool(*sys.argv[1:]).write([b"from python\\n"])',
      folder.path,
      destination,
    );
    expect(drained(spool)).toEqual(['from python']);

    spool.write(lines('from node', 'twice'));
    expect(
      python(
        'import sys; from runledger.spool import Spool; print(Spool(*sys.argv[1:]).claim().lines)',
        folder.path,
        destination,
      ),
    ).toBe("[b'from node\\n', b'twice\\n']\n");
  });

  test.each(['http://127.0.0.1:4319', ' https://Ledger.example:443/base/ '])(
    'has the same destination for %j',
    async (url) => {
      const { httpTransport } = await import('../src/index.ts');

      expect(httpTransport({ url }).name).toBe(
        python(
          'import sys; from runledger.transports.http import HttpTransport; print(HttpTransport(sys.argv[1]).name)',
          url,
        ).trimEnd(),
      );
    },
  );
});
