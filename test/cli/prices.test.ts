import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { aLedger, anAnswer, runOn } from './fakes.ts';

const dir = mkdtempSync(join(tmpdir(), 'runledger-prices-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const aFile = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

test('prices check says what is wrong, where', async () => {
  const good = aFile('good.yaml', 'dbu: 0.15\nnode_types: { m5: 1 }\n');
  expect(await runOn(aLedger(), ['prices', 'check', good])).toMatchObject({
    code: 0,
    out: `ok     ${good}: 2 prices\n`,
  });
  const bad = aFile('bad.yaml', 'dbus: 0.15\n');
  const checked = await runOn(aLedger(), ['prices', 'check', bad]);
  expect(checked.code).toBe(1);
  expect(checked.out).toBe(`wrong  ${bad}:1:1 dbus: expected a known name, but got "dbus"; did you mean dbu?\n`);
  const missing = await runOn(aLedger(), ['prices', 'check', join(dir, 'none.yaml')]);
  expect(missing.err).toContain(`expected a file of prices at ${join(dir, 'none.yaml')}`);
  expect(JSON.parse((await runOn(aLedger(), ['prices', 'schema'])).out).title).toBe('Runledger prices');
});

test('query --named cost is asked with the prices of the file, and with none where there is none', async () => {
  const ledger = aLedger({ query: async () => anAnswer(['cost']) });
  const prices = aFile('named.yaml', "node_types: { m5'x: 1 }\n");
  await runOn(ledger, ['query', '--named', 'cost', '--prices', prices]);
  await runOn(ledger, ['query', '--named', 'cost', '--data', dir]);
  const [first, second] = ledger.calls.filter(([name]) => name === 'query').map(([, sql]) => String(sql));
  expect(first).toContain("('node_hour', 'm5''x', 1e+0, 'USD')");
  expect(second).toContain(
    '(cast(null as varchar), cast(null as varchar), cast(null as double), cast(null as varchar))',
  );
  const wrong = await runOn(ledger, ['query', '--named', 'cost', '--prices', aFile('w.yaml', 'a: 1')]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain('w.yaml:1:1 a: expected a known name');
});
