import { type Context, Hono } from 'hono';
import { type AnswerEngine, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { type EventSink, OverloadedError } from '../../core/ports/event-sink.ts';
import { type AdmissionOptions, admissionOf } from './admission.ts';
import { type OnAsked, tellAsked } from './asked.ts';
import { AwsError, awsErrorAnswer } from './aws-answer.ts';
import { events } from './events.ts';
import { firehose, isFirehose } from './firehose.ts';
import { type GuardOptions, guard } from './guard.ts';
import { HttpError } from './http-error.ts';
import { CONTENT_SECURITY_POLICY, type PageFacts, renderPage } from './page.ts';
import { pings, type TakePing } from './ping.ts';
import { query } from './query.ts';

/** What the ledger does behind its routes. */
export interface AppPorts {
  readonly sink: EventSink;
  readonly answers: AnswerEngine;
  readonly takePing: TakePing;
  /** Joins `{status: 'ok'}` at GET /health; with troubles, that answers 503 and `failing`. */
  readonly health: () => Promise<{ readonly troubles?: readonly object[]; readonly [fact: string]: unknown }>;
  readonly page: () => Promise<PageFacts>;
  /** Is told of every question of a caller that was let in, before it is answered. */
  readonly onAsked?: OnAsked | undefined;
}

/** How the routes are guarded and extended. */
export interface AppOptions extends AdmissionOptions, Omit<GuardOptions, 'admission'> {
  /** The Firehose streams there are. None given: every name is taken. */
  readonly streams?: readonly string[] | undefined;
  /** Routes beside those here, behind the same guard: what monitoring and badges read. */
  readonly observing?: Hono | undefined;
  /** Routes below /api, behind the same guard. */
  readonly api?: Hono | undefined;
  /** Called with every failure that is the ledger's own; callers see no more than that there was one. */
  readonly onFailure?: ((error: unknown, request: string) => void) | undefined;
}

/**
 * The ledger over HTTP: Firehose's protocol at POST /, plain events, questions, and a page for people. Requests go in and
 * responses come out; `serve` listens. Throws when the token is not one.
 */
export function createApp(
  ports: AppPorts,
  { streams, api, observing, onFailure, allowedHosts, allowedOrigins, ...tokens }: AppOptions,
): Hono {
  const app = new Hono({ strict: false });
  app.use(safeHeaders);
  const admission = admissionOf(tokens);
  app.use(guard({ admission, allowedHosts, allowedOrigins }));

  const { onAsked = () => undefined } = ports;
  app.get('/', tellAsked(onAsked));
  app.get('/api/runs/:run_id?', tellAsked(onAsked));
  app.get('/api/questions/:name', tellAsked(onAsked));
  app.post('/', firehose(ports.sink, streams));
  app.post('/events', events(ports.sink));
  app.on(['GET', 'POST'], ['/ping/:name', '/ping/:name/:state'], pings(ports.takePing));
  app.on(['GET', 'POST'], '/query', query(ports.answers, onAsked));
  app.get('/health', async (c) => {
    const { troubles = [], ...facts } = await ports.health();
    return troubles.length === 0
      ? c.json({ status: 'ok', ...facts })
      : c.json({ status: 'failing', troubles, ...facts }, 503);
  });
  app.get('/', async (c) => {
    c.header('content-security-policy', CONTENT_SECURITY_POLICY);
    return c.html(renderPage(await ports.page(), { needsToken: admission.isAsked() }));
  });
  if (api !== undefined) app.route('/api', api);
  if (observing !== undefined) app.route('/', observing);

  app.notFound((c) => errorAnswer(absent(c.req.method, c.req.path, api !== undefined)));
  app.onError((error, c) => {
    if (!isExpected(error)) onFailure?.(error, `${c.req.method} ${c.req.path}`);
    return isFirehose(c) ? awsErrorAnswer(error) : errorAnswer(httpErrorOf(error));
  });
  return app;
}

/** Answers are for the caller alone: not for caches, not for other sites, and never to be taken for another type. */
async function safeHeaders(c: Context, next: () => Promise<void>): Promise<void> {
  await next();
  c.header('cache-control', 'no-store');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('referrer-policy', 'no-referrer');
  c.header('x-content-type-options', 'nosniff');
}

const errorAnswer = ({ status, code, message, headers }: HttpError): Response =>
  Response.json({ error: { code, message } }, { status, headers });

const isExpected = (error: unknown): boolean =>
  [HttpError, AwsError, OverloadedError, QueryRejectedError].some((expected) => error instanceof expected);

function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof QueryRejectedError) return new HttpError(400, 'refused', error.message);
  if (error instanceof OverloadedError) {
    const message = 'too much is under way and nothing was taken; wait a second and send it again';
    return new HttpError(503, 'busy', message, { 'retry-after': '1' });
  }
  return new HttpError(
    500,
    'internal',
    'the ledger failed and its log says why; events that were not acknowledged are to be sent again',
  );
}

const ROUTES: readonly { readonly path: string; readonly methods: readonly string[]; readonly query?: string }[] = [
  { path: '/', methods: ['GET', 'POST'] },
  { path: '/events', methods: ['POST'], query: '[?partial]' },
  { path: '/ping/NAME', methods: ['GET', 'POST'], query: '[/start|/success|/fail|/log|/EXIT_CODE]' },
  { path: '/query', methods: ['GET', 'POST'] },
  { path: '/health', methods: ['GET'] },
];

function absent(method: string, path: string, hasApi: boolean): HttpError {
  const route = ROUTES.find((each) => each.path === path.replace(/(?<=.)\/$/, ''));
  if (route !== undefined) {
    const message = `expected ${route.methods.join(' or ')} ${route.path}, but got ${method.slice(0, 20)}`;
    return new HttpError(405, 'method_not_allowed', message, { allow: route.methods.join(', ') });
  }
  const paths = ROUTES.map((each) => `${each.methods.join('|')} ${each.path}${each.query ?? ''}`);
  const message = `there is no ${path.slice(0, 100)} here; there are ${[...paths, ...(hasApi ? ['/api/…'] : [])].join(', ')}`;
  return new HttpError(404, 'not_found', message);
}
