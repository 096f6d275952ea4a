import { expect, test } from 'vitest';
import { addressOf, hrefOf, pathOf } from '../../dashboard/src/router/address.ts';
import { incidentHref, incidentIdOf, subjectOf } from '../../dashboard/src/router/links.ts';

const NAMES = [
  'orders',
  'a/b',
  'a?b#c',
  '..',
  '.',
  '',
  '~tilde',
  'ünï → ç',
  '<img src=x>',
  'مسار \u202Eيومي',
  '%2F',
  '100%',
  ' ',
];

/** As a browser keeps an address: it resolves dots, and encodes the rest. */
const kept = (href: string) => {
  const { pathname, search } = new URL(href, 'http://127.0.0.1');
  return addressOf(pathname, search);
};

test.each(NAMES)('a name like %j comes back from the address as it went in', (name) => {
  expect(kept(hrefOf(['pipelines', 'prod', name], { pipeline: name })).parts).toEqual(['pipelines', 'prod', name]);
});

test.each(NAMES)('an incident of a pipeline like %j is found by its address', (name) => {
  const id = JSON.stringify(['prod', name, `run ${name}`, 2]);
  expect(incidentIdOf(kept(incidentHref(id)).parts.slice(1))).toBe(id);
  expect(subjectOf(id)).toEqual({ environment: 'prod', process_name: name });
});

test('what is empty in the query is left out, and what is not well-formed stands as it is', () => {
  expect(hrefOf(['runs'], { status: 'FAILED', owner: '', since: undefined, limit: 5 })).toBe(
    '/runs?status=FAILED&limit=5',
  );
  expect(addressOf('/runs/%E0%A4%A', '').parts).toEqual(['runs', '%E0%A4%A']);
  expect(hrefOf(['runs', 'half \uD800'])).toBe('/runs/half%20%EF%BF%BD');
});

test('a path of the server stands without marks of the page', () => {
  expect(pathOf(['api', 'runs', '~x'])).toBe('/api/runs/~x');
});

test('an id that is none of an incident stands as it is', () => {
  expect(incidentIdOf(kept(incidentHref('odd')).parts.slice(1))).toBe('odd');
  expect(subjectOf('odd')).toBeUndefined();
});
