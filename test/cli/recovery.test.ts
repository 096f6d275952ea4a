import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Recovery } from '../../core/recovery/recovery.ts';
import { type RunningServer, startServer } from '../../local/server.ts';
import { aLedger, anIo, type FakeIo, runOn } from './fakes.ts';

/** The commands of recovery, on a served ledger that starts a real command. */
let dir: string;
let server: RunningServer;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-recovery-cli-'));
  const run = JSON.stringify([process.execPath, resolve(import.meta.dirname, '..', 'local', 'recovery-job.mjs')]);
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    `version: 1
pipelines:
  backfilled: { schedule: { cron: "30 2 * * *", timezone: Europe/Stockholm }, restart: { command: { run: ${run} } }, idempotent: merge }
  refused: { schedule: { cron: "0 2 * * *" }, restart: { command: { run: [./there-is-none] } }, idempotent: merge }
  untouched: { schedule: { cron: "0 2 * * *" } }
`,
  );
  server = await startServer({
    ...{ dir, host: '127.0.0.1', port: 0, alerting: { file: join(dir, 'pipelines.yaml') } },
  });
  await server.ledger.alerts.incidents({ limit: 1 });
  const old = (run_id: string, fields: object) =>
    JSON.stringify({
      process_name: 'backfilled',
      environment: 'local',
      run_id,
      event_time: '2025-10-01T02:00:00.000Z',
      ...fields,
    });
  const step = (step_name: string, step_index: number, status: string) =>
    old('old-1', { event_type: 'STEP_END', step_name, step_index, status });
  const lines = [
    old('old-1', { event_type: 'RUN_END', status: 'FAILED', error: { error_code: 'D201', message: 'no' } }),
    step('extract', 1, 'SUCCESS'),
    step('load', 2, 'FAILED'),
    old('open-1', { event_type: 'RUN_START', status: 'RUNNING', event_time: new Date().toISOString() }),
    old('other', { event_type: 'RUN_END', status: 'FAILED', process_name: 'untouched' }),
  ];
  await server.ledger.send([Buffer.from(lines.join('\n'))]);
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const pause = () => new Promise<void>((done) => setImmediate(done));
const typed = (args: readonly string[], io: FakeIo = anIo({ pause })) =>
  runOn({ ...aLedger(), ...server.ledger, close: async () => undefined }, args, io);
const started = (pipeline: string): readonly string[] => {
  const all = readFileSync(join(dir, 'started.txt'), 'utf8').trim().split('\n');
  return all.filter((line) => line.startsWith(`${pipeline} `));
};

describe('replay', () => {
  test('finds its run by the beginning of its id or its pipeline, and prints the plan', async () => {
    const { code, out, err } = await typed(['replay', 'old', '--from-failed', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^backfilled {2}old-1 \(FAILED\) {2}runs again as old-1-replay-\w{8}\n/);
    expect(out).toMatch(/skips +1 extract \(SUCCESS\), before step 2\n/);
    expect(out).toMatch(/running twice +merge: a second run changes/);
    expect(err).toBe('a dry run: nothing is started\n');
    const last = await typed(['replay', '--last', '--pipeline', 'untouched', '--json']);
    expect(JSON.parse(last.out)).toMatchObject({
      plan: { of_run_id: 'other', problems: [/restart target of untouched/] },
    });
  });

  test('starts with --yes, and links the new run', async () => {
    const { code, out } = await typed([
      'replay',
      'old-1',
      '--from-step',
      '2',
      '--param',
      'workers=3',
      '--reason',
      'the table is back',
      '--yes',
      '--json',
    ]);
    expect(code).toBe(0);
    const { plan, restart } = JSON.parse(out);
    expect(restart).toMatchObject({ run_id: plan.run.run_id, state: 'started', parent_run_id: 'old-1', from_step: 2 });
    await expect.poll(() => started('backfilled').some((line) => line.endsWith('{"workers":"3"} 2'))).toBe(true);
    expect((await typed(['show', 'old-1'])).out).toContain('the table is back');
  });

  test.each([
    [['replay', 'nobody'], /there is no run or pipeline nobody/],
    [['replay'], /expected a run, a pipeline or --last, but got none/],
    [['replay', 'open-1', '--yes'], /it cannot be started: expected a run that has ended, but open-1 is RUNNING/],
    [['replay', 'old-1', '--from-step', '7', '--yes'], /expected the index of a step of the run \(1, 2\), but got 7/],
    [
      ['replay', 'old-1', '--from-step', '1', '--from-failed'],
      /either a step to begin with or the failed one, but got both/,
    ],
    [['replay', 'old-1', '--param', 'workers'], /expected --param as name=value, but got workers/],
    [['replay', 'old-1'], /expected a person at a terminal to ask; say --yes/],
    [['replay', 'other', '--yes'], /expected a restart target of untouched in the file of pipelines/],
  ])('%j is refused with why', async (args, why) => {
    const { code, err } = await typed(args);
    expect(code).not.toBe(0);
    expect(err).toMatch(why);
  });
});

describe('backfill', () => {
  const range = ['--from', '2025-10-25', '--to', '2025-10-27'];

  test('runs each slot once, over the night in which the clocks go back, and is done when asked again', async () => {
    const shown = await typed(['backfill', 'backfilled', ...range, '--dry-run']);
    expect(shown.out).toBe(
      '2025-10-25T00:30:00.000Z  no run of it\n2025-10-26T00:30:00.000Z  no run of it\n2025-10-27T01:30:00.000Z  no run of it\n3 slots: 3 to run, 0 good, 0 under way\n',
    );
    const io = anIo({ pause });
    let ended = 0;
    const stopping = anIo({
      pause: async () => {
        await pause();
        // Ctrl-C once the first run is under way.
        if (ended++ === 0) stopping.stop();
      },
    });
    const stopped = await typed(['backfill', 'backfilled', ...range, '--yes'], stopping);
    expect(stopped.err).toMatch(/stopping: no more runs are started[\s\S]*1 of 3 runs good, 0 not, 2 not started/);
    expect(stopped.code).toBe(130);
    const again = await typed(['backfill', 'backfilled', ...range, '--yes', '--parallel', '2'], io);
    expect(again.out).toContain('3 slots: 2 to run, 1 good, 0 under way\n');
    expect(again.err).toMatch(/^2 of 2 runs good, 0 not, in /);
    expect(again.code).toBe(0);
    const done = await typed(['backfill', 'backfilled', ...range, '--yes', '--json']);
    expect(JSON.parse(done.out).slots).toMatchObject([{ todo: 'done' }, { todo: 'done' }, { todo: 'done' }]);
    expect(started('backfilled').filter((line) => line.includes('backfill-'))).toHaveLength(3);
  });

  test('gives up on a target that refuses, and says why', async () => {
    const asked = ['backfill', 'refused', '--from', '2025-10-01', '--to', '2025-10-09', '--yes'];
    const { code, out, err } = await typed(asked);
    expect(out.match(/NOT_STARTED/g)).toHaveLength(3);
    expect(err).toMatch(/0 of 9 runs good, 3 not, 6 not started/);
    expect(code).toBe(1);
  });

  test.each([
    [['backfill', 'nobody', ...range], /expected a schedule of nobody in the file of pipelines/],
    [['backfill', 'backfilled', '--from', '2025-10-27', '--to', '2025-10-25'], /expected --from before --to/],
    [['backfill', 'backfilled', '--from', 'monday', '--to', '2025-10-25'], /expected a day such as 2026-11-01/],
    [['backfill', 'backfilled', ...range, '--parallel', '0'], /expected a whole number from 1 to 50/],
    [['backfill', 'untouched', ...range, '--yes'], /expected a restart target of untouched/],
  ])('%j is refused with why', async (args, why) => {
    const { code, out, err } = await typed(args);
    expect(code).not.toBe(0);
    expect(out + err).toMatch(why);
  });
});

describe('watermark', () => {
  const of = ['new_one', '--environment', 'local'];

  test('of a pipeline that never ran is none, until a person sets it; each setting is kept with who and why', async () => {
    expect((await typed(['watermark', 'get', ...of])).out).toBe(
      'new_one in local  none: the next run loads everything\n',
    );
    const set = ['watermark', 'set', 'new_one', '2025-11-01T00:00:00Z', '--environment', 'local', '--who', 'ada'];
    expect((await typed([...set, '--reason', 'moved'])).out).toMatch(
      /^new_one in local {2}2025-11-01T00:00:00.000Z\nset by hand .* to 2025-11-01T00:00:00.000Z by ada: moved\n$/,
    );
    expect(JSON.parse((await typed(['watermark', 'get', ...of, '--json'])).out)).toMatchObject({
      ...{ data_until: '2025-11-01T00:00:00.000Z', set_by_hand: { who: 'ada', why: 'moved' } },
    });
    const none = ['watermark', 'set', 'new_one', 'none', '--environment', 'local', '--who', 'bo', '--reason', 'reload'];
    expect((await typed(none)).out).toMatch(/^new_one in local {2}none/);
    const history = (await typed(['watermark', 'history', ...of])).out.split('\n');
    expect(history).toMatchObject([/none {2}by bo: reload$/, /2025-11-01T00:00:00.000Z {2}by ada: moved$/, '']);
  });

  test.each([
    [
      ['watermark', 'set', 'a', 'soon', '--reason', 'x'],
      /expected an instant such as 2026-11-01T00:00:00Z, or none, but got soon/,
    ],
    [['watermark', 'set', 'a', '2025-11-01'], /required option '--reason <text>'/],
  ])('%j is refused with why', async (args, why) => {
    const { code, err } = await typed(args);
    expect(code).toBe(2);
    expect(err).toMatch(why);
  });
});

describe('recoveries', () => {
  test('lists each decision with its reason, for people and programs', async () => {
    const { out } = await typed(['recoveries', '--pipeline', 'refused', '--limit', '1']);
    expect(out).toMatch(/refused +backfill-20251003T0200\S+ +restart +BACKFILL /);
    expect(out).toMatch(/ not_started +TARGET_REFUSED +expected to start/);
    const [found] = JSON.parse(
      (await typed(['recoveries', '--slot', '2025-10-03T02:00:00.000Z', '--json'])).out,
    ) as Recovery[];
    expect(found?.decisions).toMatchObject([{ kind: 'restart' }, { kind: 'not_started' }]);
    expect((await typed(['recoveries', '--pipeline', 'nobody'])).err).toMatch(/nothing was decided/);
  });

  test.each(['replay', 'backfill', 'watermark', 'recoveries'])(
    '%s explains itself, with an example',
    async (command) => {
      const { code, out } = await typed([command, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(command === 'watermark' ? /history/ : /Examples?:\n {2}\$ runledger /);
    },
  );
});
