import { Hono } from 'hono';
import { limitsOf } from '../../core/token/limits.ts';
import { VERSION } from '../../ledger/version.ts';
import type { Admission } from './admission.ts';
import { readBody } from './body.ts';
import type { Caller } from './caller.ts';
import { type Session, signInBody } from './contract.ts';
import { HttpError } from './http-error.ts';
import { jsonOf, parse } from './parse.ts';

const MAX_BODY_BYTES = 10_000;

/**
 * The session of a browser, at /api/session: GET says who it is, POST begins one with a token, DELETE ends it. It is
 * guarded as everything is, but asks for no token: it is how a browser gives one.
 */
export function sessionApi(admission: Admission, deployed?: Session['deployed']): Hono {
  const shown = (caller: Caller | null): Session => ({
    version: VERSION,
    needs_token: admission.isAsked(),
    caller: caller && { name: caller.name, roles: [...caller.roles], ...limitsOf(caller) },
    ...(deployed && { deployed }),
  });
  const api = new Hono();
  api.get('/', async (c) => {
    try {
      return c.json(shown(await admission.callerOf(c)));
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) return c.json(shown(null));
      throw error;
    }
  });
  api.post('/', async (c) => {
    const { token } = parse(signInBody, jsonOf(await readBody(c.req.raw, MAX_BODY_BYTES)), 'the body');
    return c.json(shown(await admission.signIn(c, token)));
  });
  api.delete('/', async (c) => {
    await admission.signOut(c);
    return c.json(shown(null));
  });
  return api;
}
