import { describe, expect, test } from 'vitest';
import type { ParkedObject } from '../../core/objects/parked-object.ts';
import { aLedger, runOn } from './fakes.ts';

const [A, B] = ['raw/dt=2025-11-03/hh=12/a-7.gz', 'raw/dt=2025-11-03/hh=13/b-7.gz'] as const;
const parked = (object: string): ParkedObject => ({ object, size_bytes: 2_000, why: 'it is cut off' });
const withParked = (...objects: readonly string[]) => aLedger({ parkedObjects: async () => objects.map(parked) });

describe('objects parked', () => {
  test('lists each with its reason, and says what can be done', async () => {
    const { code, out, err } = await runOn(withParked(A), ['objects']);
    expect([code, out]).toEqual([0, `${A}  2.0 kB\n  it is cut off\n`]);
    expect(err).toBe('mend one in its place, or: runledger objects retry KEY; objects forget KEY --reason TEXT\n');
  });

  test('says that there is none', async () => {
    const { code, out, err } = await runOn(aLedger(), ['objects', 'parked']);
    expect([code, out, err]).toEqual([0, '', 'no parked objects\n']);
  });

  test('prints JSON', async () => {
    const { out } = await runOn(withParked(A), ['objects', 'parked', '--json']);
    expect(JSON.parse(out)).toEqual([parked(A)]);
  });
});

describe('objects retry', () => {
  test('takes the end of a key, or all', async () => {
    const ledger = withParked(A, B);
    expect((await runOn(ledger, ['objects', 'retry', 'a-7.gz'])).out).toBe(
      '1 object due again; the next tick takes them in\n',
    );
    await runOn(ledger, ['objects', 'retry', '--all']);
    expect(ledger.calls.filter(([name]) => name === 'retryObjects')).toEqual([
      ['retryObjects', [A]],
      ['retryObjects', [A, B]],
    ]);
  });

  test('fails when one still cannot be read, and says which', async () => {
    const ledger = aLedger({
      parkedObjects: async () => [parked(A)],
      retryObjects: async () => ({ retried: [], parked: [parked(A)] }),
    });
    const { code, out, err } = await runOn(ledger, ['objects', 'retry', A]);
    expect([code, out, err]).toEqual([1, `${A}  2.0 kB\n  it is cut off\n`, 'error: 1 object still cannot be read\n']);
    const json = await runOn(ledger, ['objects', 'retry', A, '--json']);
    expect([json.code, JSON.parse(json.out)]).toEqual([1, { retried: [], parked: [parked(A)] }]);
  });

  test.each([
    [['nothing.gz'], 4, 'there is no parked object whose key ends in nothing.gz'],
    [['7.gz'], 2, 'several parked objects end in 7.gz; give more of the key'],
    [[], 2, 'expected keys or --all, but got neither; `runledger objects parked` lists the keys'],
    [[A, '--all'], 2, 'expected keys or --all, but got both; `runledger objects parked` lists the keys'],
  ])('of %j ends with what is wrong', async (args, code, message) => {
    const found = await runOn(withParked(A, B), ['objects', 'retry', ...args]);
    expect([found.code, found.err]).toEqual([code, `error: ${message}\n`]);
  });
});

describe('objects forget', () => {
  test('wants a reason', async () => {
    expect((await runOn(withParked(A), ['objects', 'forget', A])).code).toBe(2);
    expect((await runOn(withParked(A), ['objects', 'forget', A, '--reason', ' '])).code).toBe(2);
  });

  test('does without them, with the reason', async () => {
    const ledger = withParked(A, B);
    const { code, out } = await runOn(ledger, ['objects', 'forget', 'b-7.gz', '--reason', 'sent again']);
    expect([code, out]).toEqual([0, '1 object forgotten; the files stay where they are\n']);
    expect(ledger.calls.at(-2)).toEqual(['forgetObjects', { objects: [B], reason: 'sent again', who: 'somebody' }]);
    const json = await runOn(ledger, ['objects', 'forget', '--all', '--reason', 'old', '--json']);
    expect(JSON.parse(json.out)).toEqual({ forgotten: [A, B] });
  });

  test('each of them has help with an example', async () => {
    for (const verb of ['parked', 'retry', 'forget']) {
      const { code, out } = await runOn(aLedger(), ['objects', verb, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`$ runledger objects ${verb}`);
      expect(out).toContain('--json');
    }
  });
});
