import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/**
 * Posts through a proxy: over a tunnel where the address is https, so that the proxy reads nothing. Node's own `fetch`
 * knows proxies only in newer versions, and only when the host turns that on for all of its process.
 */
export async function postThroughProxy(address: string, proxy: URL, { headers, body, signal }: PostOptions) {
  const target = new URL(address);
  const own = { method: 'POST', headers: { ...headers, host: target.host, 'content-length': body.length }, signal };
  if (target.protocol === 'http:')
    return answered(
      { ...toProxy(proxy), ...own, path: target.href, headers: { ...own.headers, ...credentials(proxy) } },
      body,
      proxy,
    );
  const socket = tlsConnect({
    socket: await tunnel(target, proxy, signal),
    ...(/^[\d.]+$|:/.test(target.hostname) ? {} : { servername: target.hostname }),
  });
  try {
    const options = { ...own, host: target.hostname, path: target.pathname, createConnection: () => socket };
    return await answered(options, body, target);
  } finally {
    socket.destroy();
  }
}

function tunnel(target: URL, proxy: URL, signal: AbortSignal): Promise<Duplex> {
  const path = `${target.hostname}:${target.port || 443}`;
  const headers = { host: path, ...credentials(proxy) };
  return new Promise((resolve, reject) => {
    const asked = requesting(proxy)({ ...toProxy(proxy), method: 'CONNECT', path, headers, signal });
    asked.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${answer.statusCode} to CONNECT ${path}`));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function answered(options: RequestOptions, body: Uint8Array, by: URL): Promise<Response> {
  return new Promise((resolve, reject) => {
    // Each request has a connection of its own: a kept one would keep the process alive.
    const asked = requesting(by)(
      { agent: options.createConnection ? undefined : false, ...options },
      (answer) => void read(answer).then(resolve, reject),
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

async function read(answer: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) headers.set(name, String(value));
  const status = answer.statusCode ?? 0;
  return new Response([204, 205, 304].includes(status) ? null : Buffer.concat(parts), { status, headers });
}

const requesting = ({ protocol }: URL) => (protocol === 'https:' ? httpsRequest : httpRequest);

const toProxy = ({ hostname, port, protocol }: URL): RequestOptions => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port || (protocol === 'https:' ? 443 : 80),
});

const credentials = ({ username, password }: URL): Record<string, string> => {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
};
