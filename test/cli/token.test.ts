import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openTokenFiles } from '../../adapters/file-system/token-files.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import type { Target } from '../../cli/opened-ledger.ts';
import { aLedger, anIo, type FakeIo, NOW, runOn } from './fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-token-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true }));
});

const tokensOf = async ({ data = folder }: Target = {}) =>
  openTokenFiles({
    dir: data,
    clock: { now: () => NOW },
    secrets: tokenSecrets,
    onError: (error) => expect.unreachable(String(error)),
  });

const token = (args: readonly string[], io: FakeIo = anIo({ env: { USER: 'ada' } })) =>
  runOn(aLedger(), ['token', ...args, '--data', folder], io, { tokensOf });

test('create prints the secret alone on the output, and the rest beside it', async () => {
  const { code, out, err } = await token(['create', 'airflow', '--role', 'write', '--expires', '90d']);
  expect(code).toBe(0);
  expect(out).toMatch(/^rl_airflow_Rl7[A-Za-z0-9_-]{43}\n$/);
  expect(err).toBe(
    'airflow has write, until 2026-02-01 12:00:00 UTC. This secret is shown once; set it as RUNLEDGER_TOKEN.\n',
  );
  expect(await (await tokensOf()).ofSecret(out.trim())).toEqual({
    name: 'airflow',
    roles: ['write'],
    created_at: NOW,
    expires_at: '2026-02-01T12:00:00.000Z',
    created_by: 'ada',
  });
});

test('as JSON a token has its secret when it is created, and never again', async () => {
  const created = JSON.parse((await token(['create', 'nightly', '--role', 'read,write', '--json'])).out);
  expect(created).toEqual({
    name: 'nightly',
    roles: ['write', 'read'],
    created_at: NOW,
    expires_at: null,
    created_by: 'ada',
    token: expect.stringMatching(/^rl_nightly_/),
  });
  const { token: secret, ...rest } = created;
  const listed = await token(['list', '--json']);
  expect(JSON.parse(listed.out)).toEqual([rest]);
  expect(listed.out).not.toContain(secret);
});

test('two tokens have two secrets', async () => {
  const secrets = await Promise.all(
    ['a', 'b'].map(async (name) => (await token(['create', name, '--role', 'read'])).out),
  );
  expect(secrets[0]?.slice(5)).not.toBe(secrets[1]?.slice(5));
});

test('list shows them by name, with what expired', async () => {
  await token(['create', 'grafana', '--role', 'read']);
  await token(['create', 'airflow', '--role', 'write,read', '--expires', '1h', '--who', 'grace']);
  const later = { ...anIo(), clock: { now: () => '2025-11-03T13:00:00.000Z' } };
  expect((await token(['list'], later)).out).toBe(`name     roles       created (UTC)        by     expires (UTC)
airflow  write,read  2025-11-03 12:00:00  grace  2025-11-03 13:00:00, expired
grafana  read        2025-11-03 12:00:00  ada    never
`);
});

test('those that were revoked are listed when asked for, with who did it', async () => {
  await token(['create', 'airflow', '--role', 'write']);
  await token(['create', 'grafana', '--role', 'read']);
  await token(['revoke', 'airflow', '--who', 'grace']);
  expect((await token(['list'])).out).not.toContain('airflow');
  expect((await token(['list', '--all'])).out).toBe(`name     roles  created (UTC)        by   ends (UTC)
grafana  read   2025-11-03 12:00:00  ada  never
airflow  write  2025-11-03 12:00:00  ada  2025-11-03 12:00:00, revoked by grace
`);
});

test('where there are none, list says how to create one', async () => {
  const { code, out, err } = await token([]);
  expect([code, out, err]).toEqual([
    0,
    '',
    `no tokens; create one: runledger --data ${folder} token create NAME --role write\n`,
  ]);
});

test('a file that cannot be read is named beside the others', async () => {
  await token(['create', 'fine', '--role', 'read']);
  writeFileSync(join(folder, 'settings', 'tokens', 'torn.json'), '{');
  const { code, out, err } = await token(['list']);
  expect(code).toBe(0);
  expect(out).toContain('fine');
  expect(err).toContain('expected the token torn in');
});

test('revoke ends one, and says so', async () => {
  await token(['create', 'airflow', '--role', 'write']);
  await token(['create', 'grafana', '--role', 'read']);
  expect(await token(['revoke', 'airflow'])).toMatchObject({ code: 0, out: 'airflow  revoked\n' });
  expect(JSON.parse((await token(['revoke', 'grafana', '--json'])).out)).toEqual({ revoked: 'grafana' });
  expect((await (await tokensOf()).list()).tokens).toEqual([]);
});

test.each(['nobody', '../settings', ''])('revoking "%s", which is not there, is 4', async (name) => {
  const { code, err } = await token(['revoke', name]);
  expect([code, err]).toEqual([
    4,
    `error: expected the name of a token, but there is no ${name}; \`runledger --data ${folder} token list\` shows them\n`,
  ]);
});

test('a name that is taken is not given twice', async () => {
  const first = (await token(['create', 'airflow', '--role', 'write'])).out.trim();
  const { code, out, err } = await token(['create', 'airflow', '--role', 'operate']);
  expect([code, out, err]).toEqual([
    1,
    '',
    `error: expected a new name, but there is a token airflow; choose another name, or revoke it first: runledger --data ${folder} token revoke airflow\n`,
  ]);
  expect((await (await tokensOf()).ofSecret(first))?.roles).toEqual(['write']);
});

test.each([
  [['create', 'Airflow', '--role', 'write'], 'expected a name of small letters, digits and hyphens'],
  [['create', '../x', '--role', 'write'], 'expected a name of small letters, digits and hyphens'],
  [['create', 'airflow'], "required option '--role <roles>' not specified"],
  [['create', 'airflow', '--role', 'admin'], 'expected write, read, operate, or several of them'],
  [['create', 'airflow', '--role', 'write,'], 'expected write, read, operate, or several of them'],
  [['create', 'airflow', '--role', 'write', '--expires', '90'], 'expected a duration such as 12h, 90d or 52w.'],
  [['create', 'airflow', '--role', 'write', '--expires', '0d'], 'expected a duration such as 12h, 90d or 52w.'],
  [['create', 'airflow', '--role', 'write', '--expires', '999999w'], 'expected --expires before the year 10000'],
])('%j is not understood, and nothing is made', async (args, message) => {
  const { code, out, err } = await token(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(readdirSync(folder)).toEqual([]);
});

test('with --aws they are those of the stack, and it goes with no folder', async () => {
  const targets: Target[] = [];
  const ofStack = (target: Target) => {
    targets.push(target);
    return tokensOf();
  };
  const args = ['--aws', '--stack', 'runledger-test', 'token', 'create', 'cron', '--role', 'write'];
  expect((await runOn(aLedger(), args, anIo(), { tokensOf: ofStack })).code).toBe(0);
  expect(targets).toEqual([expect.objectContaining({ aws: true, stack: 'runledger-test' })]);
  const { err } = await runOn(aLedger(), ['--aws', 'token', 'revoke', 'nobody'], anIo(), { tokensOf: ofStack });
  expect(err).toContain('`runledger --aws token list` shows them');
});

test('a token may be limited to owners and environments, and says so', async () => {
  const limits = ['--owner', 'team-a', '--owner', 'Team B', '--owner', 'team-a', '--environment', 'prod'];
  const { out, err } = await token(['create', 'ada', '--role', 'read', ...limits]);
  expect(err).toBe(
    'ada has read, limited to team-a, Team B, prod, until it is revoked. This secret is shown once; set it as RUNLEDGER_TOKEN.\n',
  );
  const kept = { owners: ['team-a', 'Team B'], environments: ['prod'] };
  expect(await (await tokensOf()).ofSecret(out.trim())).toMatchObject(kept);
  await token(['create', 'airflow', '--role', 'write']);
  expect(JSON.parse((await token(['list', '--json'])).out)).toMatchObject([kept, { name: 'airflow' }]);
  const listed = (await token(['list'])).out;
  expect(listed).toContain('limited to');
  expect(listed).toContain('owner team-a, owner Team B, env prod');
});

test('tokens without limits are listed without a word of them', async () => {
  await token(['create', 'airflow', '--role', 'write']);
  expect((await token(['list'])).out).not.toContain('limited');
});

test.each(['', ' ', ' prod', 'a\nb', 'x'.repeat(201)])('%j is no owner and no environment', async (name) => {
  for (const option of ['--owner', '--environment']) {
    const { code, err } = await token(['create', 'ada', '--role', 'read', option, name]);
    expect([code, err]).toEqual([2, expect.stringContaining('expected a name as events have it')]);
  }
  expect((await (await tokensOf()).list()).tokens).toEqual([]);
});
