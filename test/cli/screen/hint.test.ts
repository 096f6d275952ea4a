import { expect, test } from 'vitest';
import { programName } from '../../../cli/io.ts';
import { hinted } from '../../../cli/screen/hint.ts';
import { aLedger, anIo, runOn } from '../fakes.ts';

test.each([
  ['start one with `runledger serve`', 'start one with `npx runledger serve`'],
  ['unpack it: xzcat FILE | runledger ingest -', 'unpack it: xzcat FILE | npx runledger ingest -'],
  ['  $ runledger --aws token list', '  $ npx runledger --aws token list'],
  ['  $ T=$(runledger token create x --role read)', '  $ T=$(npx runledger token create x --role read)'],
  ['create one: npx runledger token create', 'create one: npx runledger token create'],
  ['the stack runledger prod, in /var/lib/runledger', 'the stack runledger prod, in /var/lib/runledger'],
  ['`runledger` is a name', '`runledger` is a name'],
])('%s', (text, shown) => {
  expect(hinted(text, 'npx runledger')).toBe(shown);
  expect(hinted(text, 'runledger')).toBe(text);
});

test('errors and help propose what works where they are printed', async () => {
  const io = { ...anIo(), program: 'npx runledger' };
  const ledger = aLedger({
    runs: async () => {
      throw new Error('no ledger answers; start one with `runledger serve`');
    },
  });
  expect((await runOn(ledger, ['runs'], io)).err).toContain('start one with `npx runledger serve`');
  expect((await runOn(ledger, ['token', 'create', '--help'], io)).out).toContain(
    '$ npx runledger token create airflow',
  );
});

test.each([
  [{}, '/usr/local/bin/runledger', 'runledger'],
  [{}, '/home/ada/project/node_modules/.bin/runledger', 'npx runledger'],
  [{ npm_lifecycle_event: 'npx' }, '/home/ada/project/node_modules/.bin/runledger', 'npx runledger'],
  [{}, '/home/ada/runledger/bin/runledger.mjs', 'npx runledger'],
] as const)('with %j, %s is called %s', (env, script, program) => {
  expect(programName(env, script)).toBe(program);
});
