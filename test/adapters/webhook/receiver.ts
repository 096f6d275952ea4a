import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request; `tries` is how many there have been, this one included. */
export type Answer = (response: ServerResponse, tries: number, request: Received) => void;

export const answered =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/** A real HTTP receiver on loopback, which ends with the test. */
export async function aReceiver(answer: Answer = answered(202)) {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const each = { path: request.url ?? '', headers: request.headers, body };
    received.push(each);
    answer(response, received.length, each);
  };
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: await listening(server) };
}

/** Takes connections, and says what is no HTTP; or nothing, and closes. */
export async function aSocket(says: string) {
  let connections = 0;
  const server = createSocketServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(says));
  });
  onTestFinished(() => {
    server.close();
  });
  return { url: await listening(server), connections: () => connections };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
