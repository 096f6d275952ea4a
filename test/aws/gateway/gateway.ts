import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type Call, callOf } from './call.ts';
import type { WorkgroupOf } from './checks.ts';

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
  readonly workgroupOf: WorkgroupOf;
  /** Whose rights count for a call with this key. */
  readonly actingFor: (key: string) => string;
}): Promise<Gateway> {
  const calls = new Map<string, Call>();
  const server = createServer((request, response) => {
    if (request.url === CALLS_PATH) return void response.end(JSON.stringify([...calls.values()]));
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const call = callOf({ method, url, headers, body }, options.workgroupOf);
      if (call !== undefined) {
        const asked = { ...call, key: options.actingFor(call.key) };
        calls.set(shapeOf(asked), asked);
      }
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

/** Calls are told apart by what they do and where, not by the single object or item: a suite makes tens of thousands. */
const shapeOf = ({ key, checks }: Call): string =>
  JSON.stringify([
    key,
    checks.map(({ action, resource, context }) => [
      action,
      resource.split('/').slice(0, 3),
      Object.values(context).map((values) => [...new Set(values.map((value) => value.split('#')[0]))].sort()),
    ]),
  ]);

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
