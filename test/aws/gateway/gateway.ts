import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type Call, callOf } from './call.ts';

/** Not AWS's: where tests ask what was called. */
export const CALLS_PATH = '/calls';

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The one way into the emulated AWS, on loopback: it passes each request on, to the façade when it is Athena's, and keeps
 * what was called with which key. It stands for TLS too, which policies of buckets and queues ask for.
 */
export async function startGateway(options: {
  readonly port: number;
  readonly awsUrl: string;
  readonly athenaUrl: string;
}): Promise<Gateway> {
  const calls = new Map<string, Call>();
  const server = createServer((request, response) => {
    if (request.url === CALLS_PATH) return void response.end(JSON.stringify([...calls.values()]));
    void bodyOf(request).then((body) => {
      const call = callOf({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      if (call !== undefined) calls.set(JSON.stringify(call), call);
      pass(request, response, body, call?.service === 'athena' ? options.athenaUrl : options.awsUrl);
    });
  });
  // A call of a function lasts as long as the function.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${options.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(request: IncomingMessage, response: ServerResponse, body: Buffer, target: string): void {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = request;
  const { 'transfer-encoding': _, ...kept } = headers;
  const outgoing = send({
    ...{ hostname, port, method, path },
    headers: { ...kept, 'content-length': body.length, 'x-forwarded-proto': 'https' },
  });
  outgoing.on('response', (incoming) => {
    response.writeHead(incoming.statusCode ?? 500, incoming.rawHeaders);
    incoming.pipe(response);
  });
  // What cannot be reached is not reached through a gateway either.
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
