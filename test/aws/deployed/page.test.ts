import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildCommandLine } from '../command-line.ts';
import { credentials } from '../deploy.ts';
import { signInWith } from '../sign-in.ts';
import { aToken, httpApiUrl } from './http-api.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, hoursAgo } from './told.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());
const pipeline = anew('paged');

beforeAll(async () => {
  await ledger.send(aRun(pipeline, 'one', hoursAgo(1)));
  await ledger.settle();
});

/** A browser of one page: it keeps the cookie that it is given. */
function aBrowser(url: string) {
  let cookie = '';
  return async (path: string, init: RequestInit & { readonly asOf?: string } = {}) => {
    const headers = {
      ...(cookie && { cookie }),
      ...(init.asOf !== undefined && { 'x-runledger-as-of': init.asOf }),
      'content-type': 'application/json',
    };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(';')[0] ?? '';
    return { status: response.status, set, text: await response.text() };
  };
}
type Ask = ReturnType<typeof aBrowser>;

/** Asks as the page does: again, as of the same moment, as long as the question is under way. */
async function answered(ask: Ask, path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  let asOf: string | undefined;
  for (;;) {
    const { status, text } = await ask(path, { ...init, ...(asOf !== undefined && { asOf }) });
    const body = JSON.parse(text) as Record<string, unknown> & { under_way?: { as_of: string } };
    if (status !== 202) return body;
    asOf = body.under_way?.as_of;
  }
}

/** What the page of both kinds shows. */
async function looks(ask: Ask): Promise<void> {
  const runs = JSON.parse((await ask(`/api/runs?process_name=${pipeline}`)).text);
  expect(runs).toMatchObject([{ process_name: pipeline, run_id: 'one', status: 'SUCCESS' }]);
  expect(JSON.parse((await ask('/api/runs/one')).text)).toContainEqual(
    expect.objectContaining({ run: expect.objectContaining({ process_name: pipeline }) }),
  );
  expect(JSON.parse((await ask('/api/summary')).text)).toMatchObject({ runs: null, troubles: [] });
  for (const path of ['incidents', 'silences', 'pipelines'])
    expect((await ask(`/api/alerts/${path}`)).status).toBe(200);
  const question = `/api/questions/find-runs?process_name=${pipeline}`;
  const answer = await answered(ask, question);
  expect(answer).toMatchObject({
    columns: expect.anything(),
    scanned_bytes: expect.any(Number),
    as_of: expect.any(String),
  });
  expect(answer.rows).toHaveLength(1);
  const sql = `select run_id from current_runs where process_name = '${pipeline}'`;
  expect((await answered(ask, '/query', { method: 'POST', body: JSON.stringify({ sql }) })).rows).toEqual([['one']]);
  const dropped = await ask('/query', { method: 'POST', body: JSON.stringify({ sql: 'drop table job_metrics' }) });
  expect(dropped.status).toBe(400);
}

test('behind the HTTP API: who has a token signs in, looks, asks, and decides as far as it may', async () => {
  const ask = aBrowser(httpApiUrl());
  expect((await ask('/pipelines')).text).toContain('<!doctype html>');
  expect((await ask('/api/runs')).status).toBe(401);
  const token = await aToken(ledger, `${pipeline}-reader`, 'read');
  const signedIn = await ask('/api/session', { method: 'POST', body: JSON.stringify({ token }) });
  expect([signedIn.status, signedIn.set]).toEqual([200, expect.stringMatching(/HttpOnly; Secure; SameSite=Strict/)]);
  await looks(ask);
  const silence = JSON.stringify({
    ...{ id: pipeline, pattern: pipeline, from: hoursAgo(1), until: hoursAgo(-1), who: 'anybody', why: 'moving' },
  });
  expect((await ask('/api/alerts/silences', { method: 'POST', body: silence })).status).toBe(403);

  const operator = aBrowser(httpApiUrl());
  const may = await aToken(ledger, `${pipeline}-operator`, 'operate');
  await operator('/api/session', { method: 'POST', body: JSON.stringify({ token: may }) });
  expect((await operator('/api/alerts/silences', { method: 'POST', body: silence })).status).toBe(200);
  expect(JSON.parse((await operator('/api/alerts/silences')).text)).toContainEqual(
    expect.objectContaining({ id: pipeline, who: `${pipeline}-operator` }),
  );
  const ended = await operator('/api/alerts/silences/end', { method: 'POST', body: JSON.stringify({ id: pipeline }) });
  expect(ended.status).toBe(200);
  await operator('/api/session', { method: 'DELETE' });
  expect((await operator('/api/runs')).status).toBe(401);
});

test('a person with the reader’s policy looks at it on loopback, and nobody else on the machine does', async () => {
  await buildCommandLine();
  const person = await signInWith(inject('awsUrl'), ledger.outputs.ReaderPolicyArn);
  const env = {
    ...{ ...process.env, ...credentials, ...person },
    AWS_ENDPOINT_URL: inject('awsUrl'),
    AWS_ENDPOINT_URL_ATHENA: inject('athenaUrl'),
  };
  const args = [
    'dist/runledger.mjs',
    '--aws',
    '--stack',
    ledger.outputs.WorkgroupName,
    'ui',
    '--port',
    '0',
    '--no-open',
  ];
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  try {
    let found: RegExpExecArray | null = null;
    for await (const line of createInterface(server.stdout)) {
      found = /(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/.exec(line);
      if (found !== null) break;
    }
    const ask = aBrowser(found?.[1] ?? '');
    expect((await ask('/api/runs')).status).toBe(401);
    await ask('/api/session', { method: 'POST', body: JSON.stringify({ token: found?.[2] }) });
    await looks(ask);
    // A reader may not decide, and is told which policy allows it.
    const refused = await ask('/api/rejections/dismiss', {
      method: 'POST',
      body: JSON.stringify({ keys: ['0'.repeat(32)], reason: 'known' }),
    });
    expect([refused.status, refused.text]).toEqual([502, expect.stringContaining('(OperatorPolicyArn)')]);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
});
