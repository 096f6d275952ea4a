import { type Context, Hono } from 'hono';
import type { Ping } from '../../core/ping.ts';
import { type AnswerEngine, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { type EventSink, LineTooLongError, OverloadedError } from '../../core/ports/event-sink.ts';
import { NotFoundForThemError, NotTheirsError } from '../../core/token/limit-errors.ts';
import { isPagePath, PAGE_VIEWS } from '../../core/token/page-paths.ts';
import type { LedgerChanges } from '../../ledger/changes.ts';
import { type AdmissionOptions, admissionOf } from './admission.ts';
import { type OnAsked, tellAsked } from './asked.ts';
import { AwsError, awsErrorAnswer } from './aws-answer.ts';
import { callerLimitsOf } from './caller.ts';
import type { Session } from './contract.ts';
import { events } from './events.ts';
import { firehose, isFirehose } from './firehose.ts';
import { type GuardOptions, guard } from './guard.ts';
import { HttpError } from './http-error.ts';
import { openLive } from './live.ts';
import { type Page, pageAsset, pageIndex } from './page.ts';
import { pings, type TakePing } from './ping.ts';
import { query } from './query.ts';
import { sessionApi } from './session-api.ts';
import { type LimitedTo, theirsOf } from './theirs.ts';

/** What the ledger does behind its routes. */
export interface AppPorts {
  /** Where there is none, no events are taken. */
  readonly sink?: EventSink | undefined;
  /** Where there is none, there are no pings. */
  readonly takePing?: TakePing | undefined;
  /** Where there is none, there is no /query. */
  readonly answers?: AnswerEngine | undefined;
  /** Joins `{status: 'ok'}` at GET /health; with troubles, that answers 503 and `failing`. */
  readonly health: () => Promise<{ readonly troubles?: readonly object[]; readonly [fact: string]: unknown }>;
  /** Where there is none, there is no page. */
  readonly page?: Page | undefined;
  /** What the page has to know of a ledger that is deployed: how it asks it. */
  readonly deployed?: Session['deployed'];
  /** Where there are none to follow, there is no GET /api/live. */
  readonly changes?: LedgerChanges | undefined;
  /** Of these, what the holders of limited tokens get. Where there is none, they are refused. */
  readonly limitedTo?: LimitedTo<LimitedPorts> | undefined;
  /** Is told of every question of a caller that was let in, before it is answered. */
  readonly onAsked?: OnAsked | undefined;
}

/** What a limited token gets of the ports of an app. */
export interface LimitedPorts {
  readonly sink: EventSink;
  /** Throws when they may not send this ping; else the ping with what has to be said in it. */
  readonly admitPing: (ping: Ping) => Promise<Ping>;
  readonly changes?: LedgerChanges | undefined;
}

/** How the routes are guarded and extended. */
export interface AppOptions extends AdmissionOptions, Omit<GuardOptions, 'admission'> {
  /** The Firehose streams there are. None given: every name is taken. */
  readonly streams?: readonly string[] | undefined;
  /** Routes beside those here, behind the same guard and before those of `api`: what monitoring and badges read. */
  readonly observing?: Hono | undefined;
  /** Routes below /api, behind the same guard. */
  readonly api?: Hono | undefined;
  /** Aborted when the server is about to stop: streams that would go on for ever end. */
  readonly stopping?: AbortSignal | undefined;
  /** Called with every failure that is the ledger's own; callers see no more than that there was one. */
  readonly onFailure?: ((error: unknown, request: string) => void) | undefined;
  /** What is answered in place of a failure: an `HttpError` where its caller may know the cause. */
  readonly explain?: ((error: unknown) => unknown) | undefined;
}

/**
 * The ledger over HTTP: Firehose's protocol at POST /, plain events, questions, and a page for people. Requests go in and
 * responses come out; `serve` listens. Throws when the token is not one.
 */
export function createApp(
  ports: AppPorts,
  {
    streams,
    api,
    observing,
    onFailure,
    explain = (error) => error,
    allowedHosts,
    allowedOrigins,
    stopping,
    ...tokens
  }: AppOptions,
): Hono {
  const app = new Hono({ strict: false });
  app.use(safeHeaders);
  const admission = admissionOf(tokens);
  app.use(guard({ admission, allowedHosts, allowedOrigins }));

  const { onAsked = () => undefined, answers, page, changes } = ports;
  if (api !== undefined) app.on('GET', ['/api/runs/:run_id?', '/api/questions/:name'], tellAsked(onAsked));
  const { sink, takePing, limitedTo } = ports;
  if (sink !== undefined) {
    const theirs = theirsOf(sink, limitedTo && ((limits) => limitedTo(limits).sink));
    app.post('/', (c, next) => firehose(theirs(c), streams)(c, next));
    app.post('/events', (c, next) => events(theirs(c))(c, next));
  }
  if (takePing !== undefined) {
    const admit = theirsOf(async (ping: Ping) => ping, limitedTo && ((limits) => limitedTo(limits).admitPing));
    app.on(['GET', 'POST'], ['/ping/:name', '/ping/:name/:state'], (c, next) =>
      pings(async (ping) => takePing(await admit(c)(ping)))(c, next),
    );
  }
  if (answers !== undefined) app.on(['GET', 'POST'], '/query', query(answers, onAsked));
  app.get('/health', async (c) => {
    const { troubles = [], ...facts } = await ports.health();
    // Numbers and troubles are of all; whether it works, everybody may know.
    if (callerLimitsOf(c) !== undefined)
      return troubles.length === 0 ? c.json({ status: 'ok' }) : c.json({ status: 'failing' }, 503);
    return troubles.length === 0
      ? c.json({ status: 'ok', ...facts })
      : c.json({ status: 'failing', troubles, ...facts }, 503);
  });
  if (page !== undefined) {
    const index = pageIndex(page);
    app.get('/', index);
    for (const view of PAGE_VIEWS) app.get(`/${view}`, index).get(`/${view}/*`, index);
    app.get('/assets/:name', pageAsset(page));
    app.route('/api/session', sessionApi(admission, ports.deployed));
  }
  if (changes !== undefined) {
    const live = (of: LedgerChanges) => openLive(of, { check: admission.callerOf, stopping });
    const streams = theirsOf(live(changes), (limits) => live(ports.limitedTo?.(limits).changes ?? NO_CHANGES));
    app.get('/api/live', (c, next) => streams(c)(c, next));
  }
  if (observing !== undefined) app.route('/', observing);
  if (api !== undefined) app.route('/api', api);

  app.notFound((c) => errorAnswer(absent(c.req.method, c.req.path, app.routes)));
  app.onError((thrown, c) => {
    const error = limitErrorOf(thrown) ?? thrown;
    if (!isExpected(error)) onFailure?.(error, `${c.req.method} ${c.req.path}`);
    return isFirehose(c) ? awsErrorAnswer(error) : errorAnswer(httpErrorOf(explain(error)));
  });
  return app;
}

/** Answers are for the caller alone: not for caches, not for other sites, and never to be taken for another type. */
async function safeHeaders(c: Context, next: () => Promise<void>): Promise<void> {
  await next();
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('referrer-policy', 'no-referrer');
  c.header('x-content-type-options', 'nosniff');
}

/** Of who may follow none. */
const NO_CHANGES: LedgerChanges = { watchChanges: () => () => undefined };

const errorAnswer = ({ status, code, message, headers }: HttpError): Response =>
  Response.json({ error: { code, message } }, { status, headers });

const isExpected = (error: unknown): boolean =>
  [HttpError, AwsError, OverloadedError, LineTooLongError, QueryRejectedError].some(
    (expected) => error instanceof expected,
  );

function limitErrorOf(error: unknown): HttpError | undefined {
  if (error instanceof NotTheirsError) return new HttpError(403, 'forbidden', error.message);
  return error instanceof NotFoundForThemError ? new HttpError(404, 'not_found', error.message) : undefined;
}

function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof QueryRejectedError) return new HttpError(400, 'refused', error.message);
  if (error instanceof LineTooLongError) return new HttpError(413, 'too_large', error.message);
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

/** What is said of a path beside it. */
const BESIDE: Readonly<Record<string, string>> = {
  '/events': '[?partial]',
  '/ping/NAME': '[/start|/success|/fail|/log|/EXIT_CODE]',
};

/** What the app has, of its own routes: those below /api are for the CLI. */
function absent(
  method: string,
  path: string,
  routes: readonly { readonly method: string; readonly path: string }[],
): HttpError {
  const methods = new Map<string, Set<string>>();
  for (const route of routes) {
    if (route.method === 'ALL' || route.path.startsWith('/api/') || route.path.endsWith('/:state')) continue;
    const shown = route.path.replace('/:name', '/NAME');
    methods.set(shown, (methods.get(shown) ?? new Set()).add(route.method));
  }
  const own = path.replace(/(?<=.)\/$/, '');
  const there = methods.get(own);
  if (there !== undefined) {
    const message = `expected ${[...there].sort().join(' or ')} ${own}, but got ${method.slice(0, 20)}`;
    return new HttpError(405, 'method_not_allowed', message, { allow: [...there].sort().join(', ') });
  }
  const hasApi = routes.some((route) => route.path.startsWith('/api/'));
  // The page is one, whatever of it is asked for.
  const isListed = (each: string) => each === '/' || !(isPagePath(each) || each.startsWith('/assets/'));
  const listed = [...methods].filter(([each]) => isListed(each));
  const paths = listed.map(([each, of]) => `${[...of].sort().join('|')} ${each}${BESIDE[each] ?? ''}`);
  const message = `there is no ${path.slice(0, 100)} here; there are ${[...paths, ...(hasApi ? ['/api/…'] : [])].join(', ')}`;
  return new HttpError(404, 'not_found', message);
}
