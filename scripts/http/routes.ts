import type { Hono } from 'hono';
import { apiOf } from '../../adapters/http/api.ts';
import { createApp } from '../../adapters/http/app.ts';
import { observing } from '../../adapters/http/observing.ts';
import { type HttpApiPorts, httpApiApp } from '../../aws/http-api.ts';
import { maskOf } from '../../core/mask/mask.ts';
import { isPagePath } from '../../core/token/page-paths.ts';
import type { Role } from '../../core/token/role.ts';
import { isOpen, type LimitedRoute, limitedRoute, neededRole } from '../../core/token/route-roles.ts';
import type { FolderLedger } from '../../ledger/api.ts';

/** A route as the apps themselves have it. */
export interface Route {
  readonly method: string;
  /** As hono writes it: `/ping/:name/:state`. */
  readonly path: string;
  /** Undefined: open to `operate` alone. */
  readonly role: Role | 'nobody' | undefined;
  /** What it is to a token that is limited to owners or environments. */
  readonly limited: LimitedRoute;
  readonly onAws: boolean;
}

/** Every route of a served ledger, in the order in which the app has them, and whether the HTTP API on AWS has it too. */
export function routesOfApps(): readonly Route[] {
  const aws = new Set(routesOf(httpApiApp(NO_PORTS)).map(keyOf));
  return routesOf(servedApp()).map((route) => ({
    ...route,
    role: roleOf(route.method, exampleOf(route.path)),
    limited: isOpen(route.method, exampleOf(route.path)) ? 'plain' : limitedRoute(route.method, exampleOf(route.path)),
    onAws: aws.has(keyOf(route)),
  }));
}

const exampleOf = (path: string): string => path.replace(/:\w+/g, 'x');

const roleOf = (method: string, path: string): Route['role'] =>
  isOpen(method, path) ? 'nobody' : neededRole(method, path);

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** The app of a served ledger with everything there is; nothing of it is called. */
export const servedApp = (): Hono =>
  createApp(
    {
      sink: { send: NOTHING },
      takePing: NOTHING,
      answers: { answer: NOTHING },
      health: NOTHING,
      page: { index: { ...EMPTY }, assets: new Map() },
      changes: { watchChanges: () => () => undefined },
    },
    {
      allowedHosts: [],
      clock: NO_PORTS.clock,
      observing: observing({ query: NOTHING }, NO_PORTS.clock),
      api: apiOf(everythingOf(NOTHING), NO_PORTS.clock),
    },
  );

/** A ledger that can be asked everything. */
const everythingOf = (nothing: typeof NOTHING): FolderLedger =>
  ({
    ...{ send: nothing, summary: nothing, settle: nothing, inspect: nothing, rebuild: nothing },
    ...{ parkedObjects: nothing, retryObjects: nothing, forgetObjects: nothing, alerts: {}, recovery: {} },
  }) as unknown as FolderLedger;

/** A middleware that stands at a route is listed as the route is; the views of the page are the page. */
function routesOf(app: Hono): readonly Pick<Route, 'method' | 'path'>[] {
  const found = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.endsWith('?') && !isView(path));
  const isApi = ({ path }: { readonly path: string }) => Number(path.startsWith('/api/'));
  return [...new Map(found.map(({ method, path }) => [keyOf({ method, path }), { method, path }])).values()].sort(
    (a, b) => isApi(a) - isApi(b),
  );
}

const isView = (path: string): boolean => path !== '/' && isPagePath(path);

const EMPTY = { type: 'text/html', body: new Uint8Array(), gzipped: new Uint8Array() };

const NOTHING = async (): Promise<never> => {
  throw new Error('expected that nothing is asked of an app that is only looked at');
};

const NO_PORTS: HttpApiPorts = {
  sink: { send: NOTHING },
  settings: { environment: '', zone: 'UTC', keepUserEmail: false, userSalt: '', mask: maskOf(), hash: () => '' },
  tokens: { areNeeded: () => true, ofSecret: NOTHING },
  report: () => undefined,
  notes: { changeNotes: NOTHING },
  live: { listRuns: NOTHING },
  store: { get: NOTHING },
  clock: { now: () => '2025-11-03T12:00:00.000Z' },
  environment: '',
  newRunId: () => '',
};
