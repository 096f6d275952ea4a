import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../../adapters/sha256.ts';
import { chainOf, isExpired, keptFromOf, problemOf, type StoredManifest } from '../../../core/audit/chain.ts';
import { manifestIn, manifestText, type SealedObject } from '../../../core/audit/manifest.ts';

const object = (key: string): SealedObject => ({ key, size_bytes: key.length, sha256: sha256(key) });

/** A chain as the ledger writes it: of each day, these objects. */
function aChain(days: readonly (readonly string[])[]): StoredManifest[] {
  const stored: StoredManifest[] = [];
  days.forEach((keys, at) => {
    const day = `2025-11-${String(at + 1).padStart(2, '0')}`;
    const before = stored.at(-1);
    const text = manifestText({
      ...{ day, previous: before === undefined ? null : sha256(before.text), kept_from: {} },
      objects: keys.map((key) => object(`raw/dt=${day}/hh=00/${key}`)),
    });
    stored.push({ day, text });
  });
  return stored;
}

const chains = fc
  .array(fc.uniqueArray(fc.stringMatching(/^[a-z"\\,é\u{1F600}]{1,6}$/u), { maxLength: 4 }), {
    minLength: 2,
    maxLength: 6,
  })
  .map(aChain);
const headOf = (stored: readonly StoredManifest[]): string => sha256(stored.at(-1)?.text ?? '');

test('a chain that nobody touched has no problem, and its head is the hash of its last manifest', () => {
  fc.assert(
    fc.property(chains, (stored) => {
      expect(chainOf(stored, sha256, headOf(stored))).toMatchObject({ problems: [], head: headOf(stored) });
    }),
  );
});

test('whoever kept the head notices any change of any byte of any manifest', () => {
  fc.assert(
    fc.property(chains, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (stored, which, where, by) => {
      const at = which % stored.length;
      const { day, text } = stored[at] as StoredManifest;
      const bytes = new TextEncoder().encode(text);
      const place = where % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ by;
      const forged = stored.with(at, { day, text: new TextDecoder('latin1').decode(bytes) });
      expect(chainOf(forged, sha256, headOf(stored)).problems).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a manifest that is changed, though well, is found without a head by the one that follows, which names its day', () => {
  fc.assert(
    fc.property(chains, fc.nat(), (stored, which) => {
      const at = which % (stored.length - 1);
      const { day, text } = stored[at] as StoredManifest;
      const manifest = manifestIn(text);
      if (manifest === undefined) throw new Error('expected a manifest');
      const forged = manifestText({
        ...manifest,
        objects: [...manifest.objects, object('raw/dt=2025-11-01/hh=00/forged')],
      });
      const { problems } = chainOf(stored.with(at, { day, text: forged }), sha256);
      expect(problems).toMatchObject([{ kind: 'chain_broken', day: stored[at + 1]?.day, before: day }]);
    }),
  );
});

test('a manifest that is gone, or stands in the place of another, breaks the chain where it stood', () => {
  fc.assert(
    fc.property(chains, fc.nat(), (stored, which) => {
      const at = which % (stored.length - 1);
      expect(chainOf(stored.toSpliced(at, 1), sha256).problems[0]).toMatchObject({
        ...{ kind: 'chain_broken', day: stored[at + 1]?.day, before: stored[at - 1]?.day ?? null },
      });
      const [one, other] = [stored[at], stored[at + 1]] as [StoredManifest, StoredManifest];
      const swapped = stored
        .with(at, { day: one.day, text: other.text })
        .with(at + 1, { day: other.day, text: one.text });
      const kinds = chainOf(swapped, sha256).problems.map(({ kind }) => kind);
      expect(kinds).toContain('manifest_misplaced');
      expect(kinds).toContain('chain_broken');
    }),
  );
});

test('the last manifests taken away are found by the head alone', () => {
  const stored = aChain([['a'], ['b'], ['c']]);
  expect(chainOf(stored.slice(0, 2), sha256).problems).toEqual([]);
  expect(chainOf(stored.slice(0, 2), sha256, headOf(stored)).problems).toEqual([
    { kind: 'head_unknown', expected: headOf(stored) },
  ]);
  expect(chainOf(stored, sha256, headOf(stored.slice(0, 2))).problems, 'an earlier head holds').toEqual([]);
});

test('an object that two manifests list is named with both', () => {
  const [one] = aChain([['a']]) as [StoredManifest];
  const manifest = manifestIn(one.text);
  const again = manifestText({
    ...{ day: '2025-11-02', previous: sha256(one.text), kept_from: {} },
    objects: manifest?.objects ?? [],
  });
  expect(chainOf([one, { day: '2025-11-02', text: again }], sha256).problems).toEqual([
    { kind: 'listed_twice', object: 'raw/dt=2025-11-01/hh=00/a', day: '2025-11-02', first_day: '2025-11-01' },
  ]);
});

test('a text is a manifest only as the ledger writes it: no other order, spacing or count', () => {
  const [{ text } = { text: '' }] = aChain([['a', 'b']]);
  const [head = '', ...lines] = text.split('\n');
  expect(manifestText(manifestIn(text) as NonNullable<ReturnType<typeof manifestIn>>)).toBe(text);
  for (const other of [
    text.slice(0, -1),
    `${text}\n`,
    text.replace(',', ', '),
    [head, ...lines.slice(1)].join('\n'),
    [head.replace('"objects":2', '"objects":1'), ...lines].join('\n'),
    [head.replace('{', '{"more":1,'), ...lines].join('\n'),
    '',
    'null\n',
  ])
    expect(manifestIn(other), other).toBeUndefined();
});

test('an object that is gone, other, longer or damaged is no longer as it was', () => {
  const sealed = object('raw/dt=2025-11-01/hh=00/a');
  const day = '2025-11-01';
  expect(problemOf(sealed, { ...sealed }, day)).toBeUndefined();
  expect(problemOf(sealed, { missing: true }, day)).toMatchObject({ kind: 'missing', object: sealed.key });
  expect(problemOf(sealed, { unreadable: 'torn' }, day)).toMatchObject({ kind: 'unreadable', why: 'torn' });
  expect(problemOf(sealed, { ...sealed, size_bytes: 1 }, day)).toMatchObject({ kind: 'changed' });
  expect(problemOf(sealed, { ...sealed, sha256: sha256('b') }, day)).toMatchObject({ kind: 'changed' });
});

test('what may be gone is what the chain says was not to be kept, folder by folder', () => {
  const of = (kept_from: Record<string, string>) => ({ day: '', previous: null, objects: [], kept_from });
  const keptFrom = keptFromOf([of({ raw: '2025-11-03' }), of({}), of({ raw: '2025-11-02' })]);
  expect(isExpired('raw/dt=2025-11-02/hh=00/a', keptFrom)).toBe(true);
  expect(isExpired('raw/dt=2025-11-03/hh=00/a', keptFrom)).toBe(false);
  expect(isExpired('acts/dt=2025-11-02/a', keptFrom)).toBe(false);
});
