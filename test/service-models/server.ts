import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Member, misfits, modelOf, type Operation, type Service, type ServiceModel, type Shape } from './model.ts';

export interface ModelledCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a test lets the service say: an output, one of its modelled errors or any of AWS's common ones, or nothing at all. */
export type ModelledAnswer =
  | { readonly output: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly status?: number; readonly message?: string; readonly more?: object }
  | 'silence';

export interface ModelledService {
  readonly url: string;
  readonly calls: readonly ModelledCall[];
}

/**
 * A service on loopback that speaks the protocol of its model: it takes requests apart as the model says, holds them and the
 * answers against its shapes, and throws when a test ends in which one did not fit. It checks no signature and no right.
 */
export async function serveModel(
  service: Service,
  answer: (call: ModelledCall) => ModelledAnswer,
): Promise<ModelledService> {
  const model = modelOf(service);
  const calls: ModelledCall[] = [];
  const wrong: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const call = callOf(model, request, body);
    if (call === undefined) {
      wrong.push(`no operation for ${request.method} ${request.url} ${request.headers['x-amz-target']}`);
      return void response.writeHead(404).end();
    }
    const operation = model.operations[call.operation] as Operation;
    calls.push(call);
    const problems = operation.input === undefined ? [] : misfits(model, operation.input.shape, call.input);
    wrong.push(...problems);
    const said: ModelledAnswer =
      problems.length > 0 ? { error: 'ValidationException', status: 400, message: problems.join('; ') } : answer(call);
    if (said === 'silence') return;
    if ('error' in said) return sendError(model, response, said);
    if (operation.output !== undefined) wrong.push(...misfits(model, operation.output.shape, said.output));
    send(model, operation, response, said.output);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    if (wrong.length > 0) throw new Error(`expected calls as ${service} describes them, got:\n${wrong.join('\n')}`);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function callOf(model: ServiceModel, request: IncomingMessage, body: string): ModelledCall | undefined {
  const { protocol, targetPrefix } = model.metadata;
  if (protocol === 'json') {
    const [prefix, operation = ''] = String(request.headers['x-amz-target']).split('.');
    if (prefix !== targetPrefix || model.operations[operation] === undefined) return undefined;
    return { operation, input: JSON.parse(body || '{}') };
  }
  const url = new URL(request.url ?? '/', 'http://service');
  for (const [name, operation] of Object.entries(model.operations)) {
    const labels =
      operation.http.method === request.method ? labelsIn(operation.http.requestUri, url.pathname) : undefined;
    if (labels === undefined) continue;
    return { operation: name, input: restInput(model, operation, labels, url, request, body) };
  }
  return undefined;
}

/** `/applications/{applicationId}/jobruns` against a path; undefined when they differ. */
function labelsIn(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template, path].map((each) => each.split('/'));
  if (wanted?.length !== given?.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [at, part] of (wanted ?? []).entries()) {
    const value = given?.[at] ?? '';
    const [, label] = /^\{(.+)\}$/.exec(part) ?? [];
    if (label === undefined ? part !== value : value === '') return undefined;
    if (label !== undefined) labels[label] = decodeURIComponent(value);
  }
  return labels;
}

function restInput(
  model: ServiceModel,
  operation: Operation,
  labels: Readonly<Record<string, string>>,
  url: URL,
  request: IncomingMessage,
  body: string,
): Readonly<Record<string, unknown>> {
  const shape: Shape = model.shapes[operation.input?.shape ?? ''] ?? { type: 'structure' };
  const members = Object.entries(shape.members ?? {});
  const wireName = (name: string, { locationName }: Member) => locationName ?? name;
  const found = members.flatMap(([name, member]): (readonly [string, unknown])[] => {
    const wire = wireName(name, member);
    if (member.location === 'uri') return [[name, labels[wire]]];
    if (member.location === 'querystring')
      return url.searchParams.has(wire) ? [[name, url.searchParams.get(wire)]] : [];
    if (member.location !== 'header') return [];
    const value = request.headers[wire.toLowerCase()];
    return value === undefined ? [] : [[name, value]];
  });
  if (shape.payload !== undefined) return { ...Object.fromEntries(found), [shape.payload]: body };
  const named = new Map(
    members
      .filter(([, { location }]) => location === undefined)
      .map(([name, member]) => [wireName(name, member), name]),
  );
  const own = Object.entries(JSON.parse(body || '{}')).map(
    ([wire, value]) => [named.get(wire) ?? wire, value] as const,
  );
  return Object.fromEntries([...found, ...own]);
}

function send(
  model: ServiceModel,
  { http, output }: Operation,
  response: ServerResponse,
  value: Readonly<Record<string, unknown>>,
): void {
  const { members = {}, payload }: Shape = model.shapes[output?.shape ?? ''] ?? { type: 'structure' };
  const status = Object.keys(members).find((name) => members[name]?.location === 'statusCode');
  response.writeHead(status === undefined ? (http.responseCode ?? 200) : Number(value[status]), {
    'content-type': contentType(model),
    'x-amzn-requestid': 'request-1',
  });
  const body = Object.fromEntries(Object.entries(value).filter(([name]) => members[name]?.location === undefined));
  response.end(payload === undefined ? JSON.stringify(body) : String(value[payload] ?? ''));
}

function sendError(
  model: ServiceModel,
  response: ServerResponse,
  {
    error,
    status,
    message = `${error} of the test`,
    more = {},
  }: Exclude<ModelledAnswer, 'silence' | { output: unknown }>,
): void {
  const shape = model.shapes[error];
  const code = status ?? shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : 400);
  response.writeHead(code, { 'content-type': contentType(model), 'x-amzn-errortype': error });
  response.end(JSON.stringify({ __type: error, message, ...more }));
}

const contentType = ({ metadata }: ServiceModel): string =>
  metadata.protocol === 'json' ? `application/x-amz-json-${metadata.jsonVersion}` : 'application/json';
