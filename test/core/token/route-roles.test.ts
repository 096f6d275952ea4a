import { expect, test } from 'vitest';
import { mayAct, ROLES, rolesFor } from '../../../core/token/role.ts';
import { isOpen, neededRole } from '../../../core/token/route-roles.ts';

test('write sends and no more, read asks and no more, operate does everything', () => {
  const allowed = ROLES.map((role) => [role, ROLES.filter((needed) => mayAct([role], needed))]);
  expect(Object.fromEntries(allowed)).toEqual({
    write: ['write'],
    read: ['read'],
    operate: ['write', 'read', 'operate'],
  });
  expect(ROLES.filter((needed) => mayAct(['write', 'read'], needed))).toEqual(['write', 'read']);
  expect(rolesFor('read')).toEqual(['read', 'operate']);
  expect(rolesFor('operate')).toEqual(['operate']);
});

test.each([
  ['POST', '/', 'write'],
  ['POST', '/events', 'write'],
  ['POST', '/events/', 'write'],
  ['GET', '/ping/orders', 'write'],
  ['HEAD', '/ping/orders/start', 'write'],
  ['POST', '/ping/orders/17', 'write'],
  ['GET', '/query', 'read'],
  ['POST', '/query', 'read'],
  ['GET', '/api/runs/run-1', 'read'],
  ['POST', '/api/alerts/decisions', 'operate'],
  ['POST', '/api/rebuild', 'operate'],
])('%s %s needs %s', (method, path, role) => {
  expect(neededRole(method, path)).toBe(role);
});

test.each([
  ['DELETE', '/events'],
  ['GET', '/events'],
  ['GET', '/ping/'],
  ['GET', '/ping//start'],
  ['GET', '/ping/a/b/c'],
  ['GET', '/api/runs/a/b'],
  ['POST', '/api/*'],
  ['GET', ''],
])('%s %s is no route', (method, path) => {
  expect(neededRole(method, path)).toBeUndefined();
});

test.each([
  ['GET', '/'],
  ['HEAD', '/runs/a%2Fb'],
  ['GET', '/assets/page-1a2b.js'],
  ['GET', '/api/session'],
  ['POST', '/api/session'],
  ['DELETE', '/api/session/'],
])('%s %s needs no token', (method, path) => {
  expect(isOpen(method, path)).toBe(true);
});

test.each([
  ['POST', '/'],
  ['POST', '/runs'],
  ['GET', '/runsomething'],
  ['GET', '/assets/'],
  ['GET', '/assets/a/b'],
  ['GET', '/api/session/x'],
  ['GET', '/api/runs'],
  ['GET', '/health'],
])('%s %s needs one', (method, path) => {
  expect(isOpen(method, path)).toBe(false);
});
