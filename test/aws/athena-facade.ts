import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Action, actionsOver, InvalidRequest } from './facade/actions.ts';
import { type Execution, openExecutions } from './facade/executions.ts';
import { type Fault, type Faults, openFaults } from './facade/faults.ts';
import { openGlue } from './facade/glue.ts';
import { signerOf } from './gateway/call.ts';

/** Not Athena's: where tests say what is to go wrong, as `{ faults }`. */
export const FAULTS_PATH = '/faults';

export interface AthenaFacade {
  readonly url: string;
  /** Everything that was started, newest first. */
  executions(): readonly Execution[];
  /** Cancels what runs and closes. */
  stop(): Promise<void>;
}

/**
 * Athena's API over Trino, on loopback: AWS JSON 1.1 in, Trino's REST protocol out. It is no evidence of Athena's own
 * parser, limits or prices; it refuses what is known that Athena refuses.
 */
export async function startAthenaFacade(options: {
  readonly trinoUrl: string;
  readonly awsUrl: string;
  /** 0: any free one. */
  readonly port?: number;
}): Promise<AthenaFacade> {
  const glue = openGlue(options.awsUrl);
  const faults = openFaults();
  const executions = openExecutions({ trinoUrl: options.trinoUrl, glue, faults });
  const actions = actionsOver(executions, glue);
  const server = createServer((request, response) => void answer(request, response, actions, faults));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    executions: () => executions.list(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await executions.settle();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  actions: Readonly<Record<string, Action>>,
  faults: Faults,
): Promise<void> {
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  };
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const input = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    if (request.url === FAULTS_PATH) {
      faults.set(input.faults as readonly Fault[]);
      return send(200, {});
    }
    const away = faults.away();
    if (away !== undefined) return send(away.status, { __type: away.error, Message: 'it is away' });
    const name = String(request.headers['x-amz-target'] ?? '').replace('AmazonAthena.', '');
    const action = actions[name];
    if (action === undefined) throw new InvalidRequest(`the façade has no action ${name}`);
    send(200, await action(input, signerOf(request.headers)?.key ?? ''));
  } catch (error) {
    if (error instanceof InvalidRequest) {
      send(400, { __type: error.name, Message: error.message, AthenaErrorCode: 'INVALID_INPUT' });
    } else {
      send(500, { __type: 'InternalServerException', Message: String(error) });
    }
  }
}
