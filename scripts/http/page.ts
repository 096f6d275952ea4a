import type * as z from 'zod';
import { FIREHOSE_OPERATIONS } from '../../adapters/http/firehose.ts';
import { ERROR_CODES } from '../../adapters/http/http-error.ts';
import { ROLE_MAY, ROLES } from '../../core/token/role.ts';
import { DESCRIBED, type Described } from './described.ts';
import { keyOf, type Route, routesOfApps } from './routes.ts';
import { fieldsOf, shapeOf } from './shape.ts';

/** `docs/http.md`: every route, from the apps themselves, their contracts, and a sentence on each. */
export function describeHttp(routes: readonly Route[] = routesOfApps()): string {
  const described = routes.map((route) => ({ ...route, ...describedOf(route) }));
  const sections = [...Map.groupBy(described, ({ about }) => about).values()];
  const own = sections.filter(([first]) => !first?.path.startsWith('/api/'));
  const api = sections.filter(([first]) => first?.path.startsWith('/api/'));
  const anchorOf = (route: Route): string =>
    sections
      .filter((each) => each.some((one) => keyOf(one) === keyOf(route)))
      .map(headingOf)
      .map(anchorText)[0] ?? '';
  return `<!-- Written by \`npm run docs\` from the routes of the app and its contract. -->
# HTTP

What a served ledger (\`runledger serve\`) answers, and of it what the [HTTP API on AWS](operations.md#producers-over-http) does. [openapi.json](openapi.json) says the same to programs. Nothing here needs a client: the clients, \`runledger-exec\` and the CLI send these requests.

${textTable(
  ['route', 'for', 'to a limited token', 'on AWS'],
  described.map((each) => [
    `[\`${shownOf(each)}\`](#${anchorOf(each)})`,
    roleText(each.role),
    LIMITED[typeof each.limited === 'object' ? 'refused' : each.limited],
    each.onAws ? 'yes' : '',
  ]),
)}

- **Who may.** \`Authorization: Bearer TOKEN\`; over the Firehose protocol the token is the access key id. [Tokens](tokens.md) have roles: ${ROLES.map((role) => `\`${role}\` may ${ROLE_MAY[role]}`).join(', ')}; \`operate\` includes the others. A served ledger on loopback asks for none until there is one.
- **A limited token** ([limits](tokens.md#limits)) gets of a route marked *theirs* what is theirs alone, and 404, or an empty answer, for what is not; a route marked *refused* answers 403 and says why; the others hold nothing of a pipeline.
- **HEAD** is answered as GET, and a \`/\` at the end of a path is as none.
- **Bodies** may be gzip (\`Content-Encoding: gzip\`, or unsaid). The limits hold for what was sent and for what it inflates to. On AWS a request holds 6 MB at most, as API Gateway and Lambda have it.
- **A caller has** 10 s for its headers and 60 s for its request; on AWS an answer comes within 30 s.
- **Answers** are JSON unless said otherwise, and are for the caller alone (\`Cache-Control: no-store\`).

## Errors

Every request that is not served is answered with \`{"error": {"code", "message"}}\`. The message says what was expected, what came and what to do; the code does not change once released.

${textTable(
  ['status', 'code', 'means'],
  Object.entries(ERROR_CODES).map(([code, [status, about]]) => [String(status), `\`${code}\``, about]),
)}

API Gateway itself answers 429 beyond \`httpRequestsPerSecond\`, and 503 when the function cannot be called, with \`{"message"}\`.

## Events, pings, questions

${own.map(sectionOf).join('\n')}
## The Firehose protocol

\`POST /\` speaks the part of Firehose's API that producers need, so that boto3, the AWS SDKs and the AWS CLI send to a ledger by their option \`endpoint_url\`: \`X-Amz-Target: Firehose_20150804.OPERATION\` with ${FIREHOSE_OPERATIONS.map((name) => `\`${name}\``).join(', ')}. Any stream name is taken. A signature is not checked: its access key id is the token.

The limits are those of the service: 500 records and 4 MiB in a call, 1,000 KiB in a record. A record holds one or many lines of NDJSON. A batch is taken whole or not at all, and success is answered once it is kept. Errors have the names that SDKs switch over (\`__type\`, \`x-amzn-errortype\`): \`ServiceUnavailableException\` (503) is to be sent again, \`ThrottlingException\` means too many wrong tokens, \`SerializationException\`, \`ValidationException\` and \`InvalidArgumentException\` are the caller's.

## Below /api

For the CLI and other programs of the same version: fields may be added.

${api.map(sectionOf).join('\n')}`;
}

function describedOf(route: Route): Described {
  const described = DESCRIBED[keyOf(route)];
  if (described !== undefined) return described;
  throw new Error(`expected a sentence on ${keyOf(route)} in scripts/http/described.ts, but got none; add one`);
}

const shownOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  `${method} ${path.replace(/:(\w+)/g, (_, name: string) => name.toUpperCase())}`;

const headingOf = (routes: readonly Route[]): string => routes.map(shownOf).join(', ');

/** As forges make it of a heading. */
const anchorText = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const LIMITED = { theirs: 'theirs', plain: '', refused: 'refused' } as const;

const roleText = (role: Route['role']): string => (role === 'nobody' ? 'everybody' : `\`${role ?? 'operate'}\``);

/** Routes of which the same is said share a section. */
function sectionOf(routes: readonly (Route & Described)[]): string {
  const [first] = routes;
  if (first === undefined) return '';
  const { about, query, answer, maxBodyBytes, statuses } = first;
  const lines = [
    about,
    ...(query === undefined ? [] : ['Query:', table(query)]),
    ...new Set(routes.flatMap(bodyLines)),
    ...(maxBodyBytes === undefined ? [] : [`At most ${bytesText(maxBodyBytes)}.`]),
    `Answer: ${typeof answer === 'string' ? answer : `\`${shapeOf(answer)}\``}`,
    ...(statuses === undefined ? [] : [statuses]),
  ];
  return `### ${headingOf(routes)}\n\n${lines.join('\n\n')}\n`;
}

function bodyLines({ method, body }: Route & Described): readonly string[] {
  if (body === undefined) return [];
  return typeof body === 'string' ? [`Body${method === 'GET' ? ' of GET' : ''}: ${body}`] : ['Body:', table(body)];
}

const textTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const table = (schema: z.ZodType): string => textTable(['field', 'is', 'needed'], fieldsOf(schema));

export const bytesText = (bytes: number): string =>
  bytes % (1024 * 1024) === 0
    ? `${bytes / 1024 / 1024} MiB`
    : bytes % 1024 === 0
      ? `${bytes / 1024} KiB`
      : `${bytes} bytes`;
