import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Target } from '../../../cli/opened-ledger.ts';
import { aLedger, anAnswer, anIo, runOn } from '../fakes.ts';

const noServer = () => Promise.reject(new Error('no server is expected'));

describe('--aws', () => {
  test.each([[['--aws', '--stack', 'runledger-test', 'runs']], [['runs', '--aws', '--stack', 'runledger-test']]])(
    'stands before or behind the command: %j',
    async (args) => {
      const opened: Target[] = [];
      const ledger = aLedger();
      const open = async (target: Target) => {
        opened.push(target);
        return ledger;
      };
      const { code, err } = await runOn(ledger, args, anIo(), { open });
      expect(code).toBe(0);
      expect(opened).toMatchObject([{ aws: true, stack: 'runledger-test' }]);
      expect(err, 'and in what to type next').toContain('`runledger --aws --stack runledger-test ingest FILE`');
    },
  );

  test.each(['serve', 'start'])('has no meaning for %s', async (command) => {
    const { code, err } = await runOn(aLedger(), ['--aws', command], anIo(), { startServer: noServer });
    expect(code).toBe(2);
    expect(err).toContain(`\`${command}\` is of a ledger on this machine; --aws names one that runs already`);
  });

  test('is part of the help of every command', async () => {
    const { out } = await runOn(aLedger(), ['runs', '--help']);
    expect(out).toContain('--aws');
    expect((await runOn(aLedger(), ['--help'])).out).toContain('--stack <name>');
  });
});

test('what a query scanned and costs is said, whatever the rows are printed as', async () => {
  const ledger = aLedger({ query: async () => ({ ...anAnswer(['n'], [1]), scanned_bytes: 2_500_000_000 }) });
  const { out, err } = await runOn(ledger, ['--aws', 'query', '--format', 'csv', 'select 1 as n']);
  expect(out).toBe('n\r\n1\r\n');
  expect(err).toBe('1 row in 3 ms; 2.5 GB scanned, about $0.0125\n');
});

describe('a ledger that accepts on the way', () => {
  const file = (text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'runledger-sent-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'events.ndjson');
    writeFileSync(path, text);
    return path;
  };

  test('is not said to have accepted what it was sent', async () => {
    const ledger = { ...aLedger(), acceptsLater: true as const };
    const path = file('{"a":1}\n{"a":2}\n');
    expect(await runOn(ledger, ['--aws', 'ingest', path])).toMatchObject({ code: 0, out: '2 lines sent\n' });
    const { out } = await runOn(ledger, ['--aws', 'ingest', '--json', path]);
    expect(JSON.parse(out)).toEqual({ sent: 2 });
  });

  test('is not sent lines that no record of it can hold', async () => {
    const ledger = { ...aLedger(), acceptsLater: true as const, maxLineBytes: 1_024_000 };
    const path = file(`{"a":"${'x'.repeat(1_100_000)}"}\n{"a":1}\n`);
    const { code, out, err } = await runOn(ledger, ['--aws', 'ingest', path]);
    expect(code).toBe(1);
    expect(out).toBe('1 line sent\n');
    expect(err).toContain('1 line longer than 1.0 MB left out');
  });
});
