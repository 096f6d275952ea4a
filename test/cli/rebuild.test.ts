import { expect, test } from 'vitest';
import { aLedger, aReport, runOn } from './fakes.ts';

test('prints the report', async () => {
  const ledger = aLedger();
  const { code, out } = await runOn(ledger, ['rebuild', '--day', '2025-11-03']);
  expect(code).toBe(0);
  expect(ledger.calls[0]).toEqual(['rebuild', { day: '2025-11-03', verify: false }]);
  expect(out).toBe(
    `table           rows  rebuilt  identical
pipeline_logs  1,200    1,200  yes

from 1,200 lines in 2 raw files; nothing differs
`,
  );
});

const differing = aReport({
  identical: false,
  tables: [{ table: 'job_metrics', rows: 7, rebuilt_rows: 7, checksum: 'a', rebuilt_checksum: 'b' }],
});

test('ends with 1 when --verify finds a difference', async () => {
  const ledger = aLedger({ rebuild: async () => differing });
  const { code, out, err } = await runOn(ledger, ['rebuild', '--verify']);
  expect(code).toBe(1);
  expect(out).toContain('job_metrics     7        7  no\n\nfrom 1,200 lines in 2 raw files; nothing was changed\n');
  expect(err).toBe(
    'error: the tables are not what the raw lines say; `rebuild` without --verify puts the rebuilt ones in their place\n',
  );
  const asJson = await runOn(ledger, ['rebuild', '--verify', '--json']);
  expect([asJson.code, JSON.parse(asJson.out)]).toEqual([1, differing]);
});

test('a difference that was put right ends well', async () => {
  const { code, out } = await runOn(aLedger({ rebuild: async () => ({ ...differing, swapped: true }) }), ['rebuild']);
  expect(code).toBe(0);
  expect(out).toContain('the rebuilt tables are in place now');
});
