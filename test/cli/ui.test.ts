import { expect, test } from 'vitest';
import type { RunningServer, ServerOptions } from '../../local/server.ts';
import { aLedger, anIo, runOn } from './fakes.ts';

const AT = 'http://127.0.0.1:4319';

test('a ledger that is served is shown where it serves', async () => {
  const browsed: string[] = [];
  const openBrowser = (url: string) => void browsed.push(url);
  const shown = await runOn({ ...aLedger(), where: AT }, ['ui'], anIo(), { openBrowser });
  expect([shown.code, shown.out, browsed]).toEqual([0, `Runledger serves at ${AT}\n`, [AT]]);
  await runOn({ ...aLedger(), where: AT }, ['ui', '--no-open'], anIo(), { openBrowser });
  expect(browsed).toHaveLength(1);
});

test('a folder that nobody serves is served until it is asked to stop', async () => {
  const io = anIo();
  const asked: ServerOptions[] = [];
  const startServer = async (options: ServerOptions): Promise<RunningServer> => {
    asked.push(options);
    const close = async () => undefined;
    return { url: AT, dir: '/data', needsToken: false, token: 'own', ledger: aLedger(), close };
  };
  const openBrowser = () => io.stop();
  const { code, out } = await runOn({ ...aLedger(), where: '/data' }, ['ui', '--port', '0'], io, {
    startServer,
    openBrowser,
  });
  expect([code, out]).toEqual([0, expect.stringContaining(`serves at ${AT}`)]);
  expect(asked).toMatchObject([{ dir: '/data', port: 0, host: '127.0.0.1' }]);
});

test('of a deployed ledger the page is served to its reader alone, until it is asked to stop', async () => {
  const io = anIo();
  const events: unknown[] = [];
  const { code, out } = await runOn(aLedger(), ['--aws', '--stack', 'mine', 'ui', '--port', '5000'], io, {
    openPage: async ({ stack, port }) => {
      events.push([stack, port]);
      return { url: `${AT}/#token=x`, where: 'stack mine in eu-west-1', close: async () => void events.push('closed') };
    },
    openBrowser: (url) => {
      events.push(url);
      io.stop();
    },
  });
  expect([code, events]).toEqual([0, [['mine', 5000], `${AT}/#token=x`, 'closed']]);
  expect(out).toContain(`shows the stack mine in eu-west-1 at ${AT}/#token=x`);
});

test('nonsense is refused before anything is opened', async () => {
  expect((await runOn(aLedger(), ['ui', '--port', 'x'])).code).toBe(2);
});
