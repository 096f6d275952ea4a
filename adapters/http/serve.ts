import { once } from 'node:events';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { errorMessage } from '../../core/error-message.ts';
import { isLoopback } from './host.ts';
import type { ErrorCode } from './http-error.ts';

/** Where to listen. */
export interface ServeOptions {
  /** A name or address of this machine; `0.0.0.0` or `::` for all of them, which needs a token. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether the app asks for a token. When it does not, only this machine is served. */
  readonly needsToken?: boolean;
  /** Called when a connection could not be accepted (too many open files, say) or answered; the server goes on. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** A server that listens. */
export interface Serving {
  readonly url: string;
  readonly port: number;
  /** Accepts nothing more, lets requests under way finish, and cuts what is left after `timeoutMs`. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

interface App {
  /** `env` holds Node's own request. */
  fetch(request: Request, env?: object): Response | Promise<Response>;
}

/** Listens for an app. Throws when the port is taken, or when strangers could reach it and no token is asked for. */
export async function serve(app: App, { host, port, needsToken = false, onFailure }: ServeOptions): Promise<Serving> {
  if (!needsToken && !isLoopback(host)) {
    throw new Error(
      `expected a token for ${host}, which other machines can reach, but there is none; create one with \`runledger token create\`, or use --token, or --host 127.0.0.1`,
    );
  }
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      if (error instanceof RequestError)
        return plainError(400, 'bad_request', 'the path and the Host header do not make a URL');
      onFailure?.(error);
      return plainError(500, 'internal', 'the ledger failed and its log says why');
    },
  });
  const server = createServer(LIMITS, listener);
  server.on('clientError', answerUnreadable);
  const closeGently = closesGently(server);
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(listenProblem(cause, host, port), { cause });
  }
  server.on('error', (error) => onFailure?.(error));
  const closed = new Promise((resolve) => server.once('close', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${reachable(host)}:${bound}`,
    port: bound,
    async close({ timeoutMs }) {
      closeGently();
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** A caller gets 10 s for its headers and 60 s for its whole request, so that slow ones cannot hold the connections. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 16 * 1024,
  // Node would refuse these without a word; the listener says why.
  requireHostHeader: false,
};

/**
 * Lets a server go once its answers are out. Node's own `closeIdleConnections` spares connections that have not sent
 * anything yet, and those that become idle later.
 */
function closesGently(server: Server): () => void {
  const underWay = new Map<Socket, number>();
  let isClosing = false;
  const count = (socket: Socket, change: number): void => {
    if (socket.destroyed) return;
    underWay.set(socket, (underWay.get(socket) ?? 0) + change);
    if (isClosing && underWay.get(socket) === 0) socket.destroySoon();
  };
  server.on('connection', (socket) => {
    count(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  return () => {
    isClosing = true;
    server.close();
    for (const socket of underWay.keys()) count(socket, 0);
  };
}

/** Bytes that are no HTTP request never reach the app. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, message } = unreadable(error.code);
  const body = JSON.stringify({ error: { code: 'bad_request', message } });
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\nconnection: close`;
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): { status: number; message: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'expected headers of at most 16 KiB, but got more; send fewer' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'expected headers within 10 s and the whole request within 60 s; send it faster' };
    case 'HPE_INVALID_EOF_STATE':
      return {
        status: 400,
        message: 'expected a whole request, but it stopped half way; nothing was taken, send it again',
      };
    default:
      return {
        status: 400,
        message: 'expected an HTTP/1.1 request, but got something else; check the port and that it is http, not https',
      };
  }
}

const plainError = (status: number, code: ErrorCode, message: string): Response =>
  Response.json({ error: { code, message } }, { status });

function listenProblem(cause: unknown, host: string, port: number): string {
  const code = (cause as NodeJS.ErrnoException).code;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another program; use --port with another number, or 0 for any free one`;
    case 'EACCES':
      return `port ${port} on ${host} may not be opened by this user; use --port with a number above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; use --host 127.0.0.1`;
    default:
      return `cannot listen on ${host} port ${port}: ${errorMessage(cause)}`;
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
