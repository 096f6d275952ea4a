import { isPagePath } from './page-paths.ts';
import type { Role } from './role.ts';

/**
 * Which role each route of a served ledger needs. `*` is one part of a path. A route that is missing here is open to
 * `operate` alone, so that a forgotten one is never open to too many. The page itself is open (`isOpen`).
 */
export const ROUTE_ROLES: readonly { readonly route: string; readonly role: Role }[] = [
  { route: 'POST /', role: 'write' },
  { route: 'POST /events', role: 'write' },
  { route: 'POST /api/records', role: 'write' },
  // A ping writes by whatever method.
  { route: 'GET /ping/*', role: 'write' },
  { route: 'POST /ping/*', role: 'write' },
  { route: 'GET /ping/*/*', role: 'write' },
  { route: 'POST /ping/*/*', role: 'write' },

  { route: 'GET /health', role: 'read' },
  { route: 'GET /query', role: 'read' },
  // A long question does not fit into an address.
  { route: 'POST /query', role: 'read' },
  { route: 'GET /metrics', role: 'read' },
  { route: 'GET /badge/*', role: 'read' },
  { route: 'GET /api/runs', role: 'read' },
  { route: 'GET /api/runs/*', role: 'read' },
  { route: 'GET /api/questions', role: 'read' },
  { route: 'GET /api/questions/*', role: 'read' },
  { route: 'GET /api/tables', role: 'read' },
  { route: 'GET /api/live', role: 'read' },
  { route: 'GET /api/summary', role: 'read' },
  { route: 'GET /api/inspection', role: 'read' },
  { route: 'GET /api/objects/parked', role: 'read' },
  { route: 'GET /api/alerts/incidents', role: 'read' },
  { route: 'GET /api/alerts/silences', role: 'read' },
  { route: 'GET /api/alerts/expected', role: 'read' },
  { route: 'GET /api/alerts/pipelines', role: 'read' },
  { route: 'GET /api/recovery/decisions', role: 'read' },
  { route: 'GET /api/recovery/watermark', role: 'read' },
  { route: 'GET /api/recovery/watermark/history', role: 'read' },
  // It changes nothing.
  { route: 'POST /api/recovery/replays/plan', role: 'read' },
  // It waits until what was sent is in the tables.
  { route: 'POST /api/settle', role: 'read' },

  { route: 'POST /api/rebuild', role: 'operate' },
  { route: 'POST /api/rejections/dismiss', role: 'operate' },
  { route: 'POST /api/objects/retry', role: 'operate' },
  { route: 'POST /api/objects/forget', role: 'operate' },
  { route: 'POST /api/recovery/replays', role: 'operate' },
  { route: 'POST /api/recovery/starts', role: 'operate' },
  { route: 'POST /api/recovery/watermark', role: 'operate' },
  { route: 'POST /api/recovery/restore', role: 'operate' },
  { route: 'POST /api/alerts/decisions', role: 'operate' },
  { route: 'POST /api/alerts/silences', role: 'operate' },
  { route: 'POST /api/alerts/silences/end', role: 'operate' },
  { route: 'POST /api/alerts/pipelines', role: 'operate' },
  { route: 'POST /api/alerts/incidents/restore', role: 'operate' },
  { route: 'POST /api/alerts/routes/test', role: 'operate' },
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
export function neededRole(method: string, path: string): Role | undefined {
  const wanted = `${method === 'HEAD' ? 'GET' : method} ${path.replace(/(?<=.)\/$/, '')}`.split('/');
  return ROUTE_ROLES.find(({ route }) => isOn(route.split('/'), wanted))?.role;
}

const isOn = (route: readonly string[], wanted: readonly string[]): boolean =>
  route.length === wanted.length && route.every((part, at) => (part === '*' ? wanted[at] !== '' : part === wanted[at]));
