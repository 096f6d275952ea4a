import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleOf } from '../../lib/own-package.ts';

/** What X-Ray's daemon is sent: a part of a trace. */
interface Segment {
  readonly id: string;
  readonly name: string;
}

let daemon: Socket;
let aws: Server;
let received: Segment[];
beforeEach(async () => {
  received = [];
  daemon = createSocket('udp4').bind(0, '127.0.0.1');
  // "{"format": "json", "version": 1}\n" and the segment (X-Ray, "Sending segment documents to the daemon").
  daemon.on('message', (packet) => received.push(JSON.parse(packet.toString('utf8').split('\n')[1] ?? '{}')));
  await once(daemon, 'listening');
  // Of a table without runs, and of a bucket without a file of pipelines.
  aws = createServer(({ method }, response) => {
    if (method === 'GET') {
      response.statusCode = 404;
      response.setHeader('content-type', 'application/xml').end('<Error><Code>NoSuchKey</Code></Error>');
      return;
    }
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"Items":[],"Count":0}');
  }).listen(0, '127.0.0.1');
  await once(aws, 'listening');
});
afterEach(() => {
  daemon.close();
  aws.close();
});

test('a deployed function sends a trace of the call, with its calls to AWS in it', async () => {
  const root = '1-5759e988-bd862e3fe1be46a994272793';
  await callOnce('check-deadlines', {
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _X_AMZN_TRACE_ID: `Root=${root};Parent=557abcec3ee5a047;Sampled=1`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
  });
  // A packet may be read after the end of who sent it.
  while (!received.some(({ name }) => name === 'DynamoDB') || !received.some(({ name }) => name === '## index.handler'))
    await once(daemon, 'message');
  const part = { type: 'subsegment', trace_id: root };
  const call = received.find(({ name }) => name === '## index.handler');
  expect(call).toMatchObject({ ...part, parent_id: '557abcec3ee5a047' });
  expect(received.find(({ name }) => name === 'DynamoDB')).toMatchObject({
    ...{ ...part, parent_id: call?.id, namespace: 'aws' },
    aws: { operation: 'Query', table_name: 'the-table' },
    http: { response: { status: 200 } },
  });
});

/** Calls a function once in a process as Lambda makes it, and waits for its end. */
async function callOnce(name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CALL, bundleOf(name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      _HANDLER: 'index.handler',
      ...{ AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', AWS_LAMBDA_FUNCTION_NAME: name, LAMBDA_TASK_ROOT: '/var/task' },
      ...{
        LEDGER_TABLE: 'the-table',
        LEDGER_BUS: 'the-bus',
        LEDGER_BUCKET: 'the-bucket',
        LEDGER_LOGS_KEPT_DAYS: '400',
      },
      ...env,
    },
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

const CALL = `
  const { handler } = await import(process.argv[1]);
  await handler({ id: 'event-1' }, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 });
`;
