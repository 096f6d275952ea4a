import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { httpTransport } from '../src/index.ts';
import { proxyFor } from '../src/proxy.ts';
import { aCertificate, type Certificate, hasOpenssl } from './a-certificate.ts';
import { aFolder } from './a-folder.ts';
import { aRuntime } from './a-runtime.ts';
import { aServer } from './a-server.ts';

const never = new AbortController().signal;
const RECORDS = [Buffer.from('{"a":1}\n')];
const PASSWORD = 'sesame';

interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for: `POST http://…`, `CONNECT host:port`, and how it was asked. */
  readonly asked: { readonly line: string; readonly authorization: string | undefined }[];
}

/** A real proxy, for which every host is a port of this machine. */
async function aProxy(port: number, status = 200): Promise<Proxy> {
  const asked: Proxy['asked'] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  const server = createServer((from, to) => {
    note(from);
    const { pathname } = new URL(from.url ?? '');
    const on = request(
      { host: '127.0.0.1', port, method: from.method, path: pathname, headers: from.headers },
      (answer) => {
        to.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(to);
      },
    );
    from.pipe(on);
  });
  server.on('connect', (from, socket, head) => {
    note(from);
    socket.on('error', () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} no\r\n\r\n`);
      return;
    }
    const on = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      on.write(head);
      on.pipe(socket).pipe(on);
      socket.on('close', () => on.destroy());
    });
    on.on('error', () => socket.destroy());
  });
  // A tunnel is no request that the server would close.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://me:${PASSWORD}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const AUTHORIZATION = `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`;

describe('a proxy of the environment', () => {
  test('is asked for a ledger over http', async () => {
    await using server = await aServer(() => ({ status: 200, body: '{"rejected":1}' }));
    await using proxy = await aProxy(Number(new URL(server.url).port));
    const transport = httpTransport(
      { url: 'http://ledger.example:8080/base', token: 't0k3n' },
      aRuntime({ env: { http_proxy: proxy.url } }),
    );

    expect(await transport.send(RECORDS, never)).toEqual({ rejected: 1 });
    expect(proxy.asked).toEqual([
      { line: 'POST http://ledger.example:8080/base/events', authorization: AUTHORIZATION },
    ]);
    expect(server.received).toMatchObject([
      {
        path: '/base/events',
        body: '{"a":1}\n',
        headers: { authorization: 'Bearer t0k3n', host: 'ledger.example:8080' },
      },
    ]);
  });

  test('that is away is named, and the events wait', async () => {
    const transport = httpTransport(
      { url: 'http://ledger.example', tries: 1 },
      aRuntime({ env: { HTTP_PROXY: 'http://127.0.0.1:1' } }),
    );

    await expect(transport.send(RECORDS, never)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });

  test('that refuses the tunnel is named, and the events wait', async () => {
    await using proxy = await aProxy(1, 407);
    const transport = httpTransport(
      { url: 'https://ledger.example', tries: 1 },
      aRuntime({ env: { HTTPS_PROXY: proxy.url } }),
    );

    await expect(transport.send(RECORDS, never)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/the proxy 127\.0\.0\.1:\d+ answered 407 to CONNECT ledger\.example:443$/),
    });
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['https://ledger.example', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['https://ledger.example', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128/'],
    ['https://ledger.example', { HTTP_PROXY: 'http://p' }, undefined],
    ['http://ledger.example', { HTTP_PROXY: 'http://p', REQUEST_METHOD: 'GET' }, undefined],
    ['https://ledger.example', { HTTPS_PROXY: 'http://p', https_proxy: 'http://q' }, 'http://q/'],
    ['https://ledger.example', { HTTPS_PROXY: 'http://p', NO_PROXY: 'other.example, .example' }, undefined],
    ['https://ledger.example', { HTTPS_PROXY: 'http://p', NO_PROXY: 'ledger.example:444' }, 'http://p/'],
    ['https://ledger.example', { HTTPS_PROXY: 'http://p', no_proxy: 'ledger.example:443' }, undefined],
    ['https://myledger.example', { HTTPS_PROXY: 'http://p', NO_PROXY: 'ledger.example' }, 'http://p/'],
    ['https://ledger.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, undefined],
    ['http://127.0.0.1:4319', { HTTP_PROXY: 'http://p' }, undefined],
    ['http://localhost:4319', { HTTP_PROXY: 'http://p' }, undefined],
    ['http://[::1]:4319', { HTTP_PROXY: 'http://p' }, undefined],
    ['https://ledger.example', { HTTPS_PROXY: 'socks5://p' }, undefined],
    ['https://ledger.example', { HTTPS_PROXY: 'http://' }, undefined],
  ])('to %s, of %j, is %s', (address, env, proxy) => {
    expect(proxyFor(address, (name) => env[name])?.href).toBe(proxy);
  });
});

/** A ledger over https with a certificate of its own making. */
async function aSecureServer({ key, cert }: Certificate) {
  const bodies: string[] = [];
  const server = createTlsServer({ key, cert }, (from, to) => {
    let body = '';
    from.on('data', (part: Buffer) => (body += part));
    from.on('end', () => {
      bodies.push(body);
      to.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.skipIf(!hasOpenssl)('a ledger over https', () => {
  test('whose certificate nobody trusts is told, and the events wait', async () => {
    using folder = aFolder();
    await using server = await aSecureServer(aCertificate(folder, 'ledger.example'));
    const transport = httpTransport({ url: `https://127.0.0.1:${server.port}`, tries: 1 }, aRuntime());

    await expect(transport.send(RECORDS, never)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/self-signed certificate/),
    });
    expect(server.bodies).toEqual([]);
  });

  test('behind a proxy is reached through a tunnel, and by name: the proxy reads nothing', async () => {
    using folder = aFolder();
    const certificate = aCertificate(folder, 'ledger.example');
    await using server = await aSecureServer(certificate);
    await using proxy = await aProxy(server.port);
    const script = `
      import { httpTransport } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const send = (url) => httpTransport({ url, tries: 1 }).send([Buffer.from('{"a":1}\\n')], new AbortController().signal);
      console.log(JSON.stringify(await send('https://ledger.example')));
      console.log(await send('https://other.example').catch(({ message }) => message));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, NODE_OPTIONS: '', HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificate.file },
    });
    let output = '';
    let errors = '';
    child.stderr.on('data', (part: Buffer) => (errors += part));
    child.stdout.on('data', (part: Buffer) => (output += part));
    await new Promise((resolve) => child.on('close', resolve));

    expect(errors).toBe('');
    expect(output.trim().split('\n')).toEqual(['{}', expect.stringContaining('altnames')]);
    expect(server.bodies).toEqual(['{"a":1}\n']);
    expect(proxy.asked).toEqual([
      { line: 'CONNECT ledger.example:443', authorization: AUTHORIZATION },
      { line: 'CONNECT other.example:443', authorization: AUTHORIZATION },
    ]);
  });
});
