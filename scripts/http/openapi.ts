import type * as z from 'zod';
import { failureAnswer } from '../../adapters/http/contract.ts';
import { VERSION } from '../../ledger/version.ts';
import { DESCRIBED, type Described } from './described.ts';
import { keyOf, type Route, routesOfApps } from './routes.ts';
import { jsonSchemaOf } from './shape.ts';

/** `docs/openapi.json`: what `docs/http.md` says, as OpenAPI 3.1, whose schemas are JSON Schema. */
export function describeOpenApi(routes: readonly Route[] = routesOfApps()): string {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const described = DESCRIBED[keyOf(route)];
    if (described === undefined) continue;
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, described) };
  }
  const failure = { 'application/json': { schema: bare(failureAnswer, 'output') } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Runledger', version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: { failure: { description: 'It was not served.', content: failure } },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const operationOf = ({ method, path, role, onAws }: Route, { about, query, body, answer }: Described): object => ({
  operationId: `${method.toLowerCase()}${path.replace(/[/:]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
  description: about,
  ...(role === 'nobody' ? { security: [] } : { 'x-role': role ?? 'operate' }),
  'x-on-aws': onAws,
  parameters: [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    })),
    ...(query === undefined ? [] : parametersOf(query)),
  ],
  ...(body === undefined || method === 'GET' ? {} : { requestBody: { content: contentOf(body, 'input') } }),
  responses: {
    200: { description: 'It was served.', content: contentOf(answer, 'output') },
    default: { $ref: '#/components/responses/failure' },
  },
});

function parametersOf(query: z.ZodType): readonly object[] {
  const { properties = {}, required = [] } = bare(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
  }));
}

const contentOf = (of: z.ZodType | string, io: 'input' | 'output'): object =>
  typeof of === 'string'
    ? { '*/*': { schema: { description: of } } }
    : { 'application/json': { schema: bare(of, io) } };

/** OpenAPI says once which dialect its schemas are of. */
function bare(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...rest } = jsonSchemaOf(schema, io) as ReturnType<typeof jsonSchemaOf> & { $schema?: string };
  return rest;
}
