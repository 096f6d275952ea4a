import { isPagePath } from './page-paths.ts';
import type { Role } from './role.ts';

/**
 * What a route is to a token that is limited to owners or environments. `theirs`: it answers from, and acts on, what is
 * theirs alone. `plain`: nothing in it is of a pipeline. Else it is refused, and why, with what to do instead.
 */
export type LimitedRoute = 'theirs' | 'plain' | { readonly refused: string };

interface RouteRole {
  readonly route: string;
  readonly role: Role;
  readonly limited: LimitedRoute;
}

const FREE_SQL =
  'SQL of its own reads the rows of all, and an error in it may tell what is in them; ask a named question instead (GET /api/questions lists them)';
const WHOLE_LEDGER = 'its files and counts are of all; GET /health says whether it works';
const RAW_FILES = 'the raw files hold the lines of all';
const REJECTIONS = 'a rejected line says of no owner and no environment that it is theirs';
const ONE_FILE = 'one file of pipelines holds for all';
const ALL_RECOVERIES = 'it builds what was decided about the runs of all again';
const ALL_INCIDENTS = 'it builds the incidents of all again';

/**
 * Which role each route of a served ledger needs. `*` is one part of a path. A route that is missing here is open to
 * `operate` alone, so that a forgotten one is never open to too many. The page itself is open (`isOpen`).
 */
export const ROUTE_ROLES: readonly RouteRole[] = [
  { route: 'POST /', role: 'write', limited: 'theirs' },
  { route: 'POST /events', role: 'write', limited: 'theirs' },
  { route: 'POST /api/records', role: 'write', limited: 'theirs' },
  // A ping writes by whatever method.
  { route: 'GET /ping/*', role: 'write', limited: 'theirs' },
  { route: 'POST /ping/*', role: 'write', limited: 'theirs' },
  { route: 'GET /ping/*/*', role: 'write', limited: 'theirs' },
  { route: 'POST /ping/*/*', role: 'write', limited: 'theirs' },

  { route: 'GET /health', role: 'read', limited: 'theirs' },
  { route: 'GET /query', role: 'read', limited: { refused: FREE_SQL } },
  // A long question does not fit into an address.
  { route: 'POST /query', role: 'read', limited: { refused: FREE_SQL } },
  { route: 'GET /metrics', role: 'read', limited: 'theirs' },
  { route: 'GET /badge/*', role: 'read', limited: 'theirs' },
  { route: 'GET /api/runs', role: 'read', limited: 'theirs' },
  { route: 'GET /api/runs/*', role: 'read', limited: 'theirs' },
  { route: 'GET /api/questions', role: 'read', limited: 'plain' },
  { route: 'GET /api/questions/*', role: 'read', limited: 'theirs' },
  { route: 'GET /api/tables', role: 'read', limited: 'plain' },
  { route: 'GET /api/live', role: 'read', limited: 'theirs' },
  { route: 'GET /api/summary', role: 'read', limited: { refused: WHOLE_LEDGER } },
  { route: 'GET /api/inspection', role: 'read', limited: { refused: RAW_FILES } },
  { route: 'GET /api/objects/parked', role: 'read', limited: { refused: RAW_FILES } },
  { route: 'GET /api/alerts/incidents', role: 'read', limited: 'theirs' },
  { route: 'GET /api/alerts/silences', role: 'read', limited: 'theirs' },
  { route: 'GET /api/alerts/expected', role: 'read', limited: 'theirs' },
  { route: 'GET /api/alerts/pipelines', role: 'read', limited: { refused: ONE_FILE } },
  { route: 'GET /api/recovery/decisions', role: 'read', limited: 'theirs' },
  { route: 'GET /api/recovery/watermark', role: 'read', limited: 'theirs' },
  { route: 'GET /api/recovery/watermark/history', role: 'read', limited: 'theirs' },
  // It changes nothing.
  { route: 'POST /api/recovery/replays/plan', role: 'read', limited: 'theirs' },
  // It waits until what was sent is in the tables.
  { route: 'POST /api/settle', role: 'read', limited: 'plain' },

  { route: 'POST /api/rebuild', role: 'operate', limited: { refused: RAW_FILES } },
  { route: 'POST /api/rejections/dismiss', role: 'operate', limited: { refused: REJECTIONS } },
  { route: 'POST /api/objects/retry', role: 'operate', limited: { refused: RAW_FILES } },
  { route: 'POST /api/objects/forget', role: 'operate', limited: { refused: RAW_FILES } },
  { route: 'POST /api/recovery/replays', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/recovery/starts', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/recovery/watermark', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/recovery/restore', role: 'operate', limited: { refused: ALL_RECOVERIES } },
  { route: 'POST /api/alerts/decisions', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/alerts/silences', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/alerts/silences/end', role: 'operate', limited: 'theirs' },
  { route: 'POST /api/alerts/pipelines', role: 'operate', limited: { refused: ONE_FILE } },
  { route: 'POST /api/alerts/incidents/restore', role: 'operate', limited: { refused: ALL_INCIDENTS } },
  { route: 'POST /api/alerts/routes/test', role: 'operate', limited: { refused: ONE_FILE } },
];

/** The session of a browser: how the page asks for a token, and who it is. A wrong token is counted there as everywhere. */
const SESSION = '/api/session';

/**
 * Whether a request needs no token: the page, which holds no data, and the session in which a browser gives its token.
 */
export function isOpen(method: string, path: string): boolean {
  if (path.replace(/(?<=.)\/$/, '') === SESSION) return ['GET', 'HEAD', 'POST', 'DELETE'].includes(method);
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && (isPagePath(path) || /^\/assets\/[^/]+$/.test(path));
}

/** The role that a request needs; undefined when the table has no such route. HEAD is answered as GET. */
export const neededRole = (method: string, path: string): Role | undefined => routeOf(method, path)?.role;

/** What the request is to a limited token; a route that is missing in the table is refused. */
export const limitedRoute = (method: string, path: string): LimitedRoute =>
  routeOf(method, path)?.limited ?? { refused: 'nobody has decided what of it is theirs' };

function routeOf(method: string, path: string): RouteRole | undefined {
  const wanted = `${method === 'HEAD' ? 'GET' : method} ${path.replace(/(?<=.)\/$/, '')}`.split('/');
  return ROUTE_ROLES.find(({ route }) => isOn(route.split('/'), wanted));
}

const isOn = (route: readonly string[], wanted: readonly string[]): boolean =>
  route.length === wanted.length && route.every((part, at) => (part === '*' ? wanted[at] !== '' : part === wanted[at]));
