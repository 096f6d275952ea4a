import { hash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptLine } from '../../../core/accept/accept-line.ts';
import { ALIASES, ROW_ALIASES } from '../../../core/accept/aliases.ts';
import { FIELD_READERS } from '../../../core/accept/field-readers.ts';
import type { AcceptSettings } from '../../../core/accept/settings.ts';
import { parseInstant } from '../../../core/instant.ts';
import { isSecretName } from '../../../core/mask/names.ts';
import { EVENT_TYPES, STATUSES } from '../../../core/schema/event.ts';
import { eventColumns } from '../../../core/schema/event-columns.ts';

/** Nothing is masked, so that everything that came must be found again. */
const settings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: true,
  userSalt: 'a salt of this test',
  mask: (text) => text,
  hash: (content) => hash('sha256', content).slice(0, 32),
};

const NAMES = [...Object.keys(eventColumns), ...Object.keys(ALIASES), ...Object.keys(FIELD_READERS)].filter(
  (name) => !isSecretName(name),
);
const PARTS = [
  ...Object.values(eventColumns).flatMap(({ type }) => {
    const row = typeof type === 'object' && 'array' in type ? type.array : type;
    return typeof row === 'object' && 'row' in row ? Object.keys(row.row) : [];
  }),
  ...Object.values(ROW_ALIASES).flatMap((aliases) => Object.keys(aliases)),
  ...['namespace', 'epochSecond', 'nanoOfSecond', 'state', 'result_state', 'termination_details', '__proto__'],
];

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const spelled = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 7 }))
    .map(([name, way]) => [name.toUpperCase(), camel(name), name.replaceAll('_', '-')][way] ?? name);
const anyKey = fc
  .oneof(spelled(NAMES), spelled(PARTS), fc.string({ maxLength: 4 }))
  .filter((key) => !isSecretName(key));

/** Values as the text of JSON, so that numbers which JavaScript cannot write are among them. */
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  fc.constantFrom('-0', '0', '1e400', '-1e400', '1E5', '9007199254740993', '9223372036854775807', '-1', '1.50'),
  fc.constantFrom('0.1234567890123456789', '12345678901234567.5', '1762171200000', '1762171200.25', '1e21', '137'),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(...EVENT_TYPES, ...STATUSES, 'failed', 'Completed', 'TERMINATED', 'PURPLE', 'None', 'not-set', ' '),
  fc.constantFrom('2025-11-03T12:00:00Z', '2025-11-03 12:00:00.123456+01:00', '09:00:00', '2025-11-03', '00:01:02'),
  fc.constantFrom('pipeline', 'job', 'ERROR', 'P1', '12', ' 12 ', '012', '1e3', '12.0', 'true', 'TRUE', 'yes', '1.5'),
  fc.constantFrom('{"a":9007199254740993}', '[1,"x"]', '"quoted"', '5', '\u0000', '\ud800'),
);
const scalar = fc.oneof(
  number,
  text.map((value) => JSON.stringify(value)),
  fc.constantFrom('true', 'false', 'null'),
);
const objectOf = (key: fc.Arbitrary<string>, value: fc.Arbitrary<string>, maxLength: number) =>
  fc
    .array(fc.tuple(key, value), { maxLength })
    .map((fields) => `{${fields.map(([name, one]) => `${JSON.stringify(name)}:${one}`).join(',')}}`);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => `[${elements.join(',')}]`),
    objectOf(fc.oneof(spelled(PARTS), anyKey), tie('value'), 5),
  ),
}));
const line = fc
  .tuple(
    objectOf(anyKey, value, 8),
    fc.constantFrom('', '"run_id":"r",', '"RunId":7,'),
    fc.constantFrom('', '"event_type":"METRIC",'),
  )
  .map(([fields, ...identity]) => `{"pipeline":"p",${identity.join('')}${fields.slice(1)}`.replace(/,\}$/, '}'));

/** The scalars in a value, but for null, which says nothing. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [shown(String(value))];
}

/** Parses JSON with numbers as their digits. */
const exactly = (json: string): unknown =>
  JSON.parse(json, ((_key: string, one: unknown, { source }: { source?: string }) =>
    typeof one === 'number' ? source : one) as Parameters<typeof JSON.parse>[1]);

/** How a scalar looks, whatever its type: `12`, `"12"` and `1.2e1` are one value, U+0000 and lone surrogates are U+FFFD. */
function shown(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return text.toWellFormed().replaceAll('\0', '\uFFFD');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === '' ? '0' : `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Everything that can be found in a line: its scalars, and those in texts that are JSON. */
function findable(value: unknown): string[] {
  return leavesOf(value).flatMap((leaf) => {
    if (!/^[[{]/.test(leaf)) return [leaf];
    try {
      return [leaf, ...findable(exactly(leaf))];
    } catch {
      return [leaf];
    }
  });
}

/** A time is the instant that it names. An `extra` that is the text of an object is its fields. */
const isFound = (leaf: string, found: ReadonlySet<string>): boolean => {
  const instant = (parseInstant(leaf, 'UTC') ?? parseInstant(Number(leaf), 'UTC'))?.instant;
  const within = findable(leaf).slice(1);
  return (
    found.has(leaf) ||
    (instant !== undefined && found.has(instant)) ||
    (within.length > 0 && within.every((each) => isFound(each, found)))
  );
};

test('every value of a line that is accepted is in a field or in extra, exactly', () => {
  let accepted = 0;
  fc.assert(
    fc.property(line, (json) => {
      const outcome = acceptLine(json, json, '2025-11-03T12:00:00.000Z', settings);
      if ('rejection' in outcome) return;
      if (outcome.event.flags?.some((flag) => flag.startsWith('name_cut'))) return;
      accepted += 1;
      const { original: _, ...written } = exactly(outcome.line) as Record<string, unknown>;
      const found = new Set(findable(written));
      const lost = leavesOf(exactly(json)).filter((leaf) => !isFound(leaf, found));
      expect(lost, `${json}\n${outcome.line}`).toEqual([]);
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000) },
  );
  expect(accepted).toBeGreaterThan(0);
});
