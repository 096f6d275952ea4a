import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../lib/context.ts';
import { PAIRS } from '../../lib/option-pairs.ts';
import { OPTIONS } from '../../lib/options.ts';
import { anApp, aStack } from './a-stack.ts';
import { pairwise } from './pairwise.ts';
import { LONGEST_PLACE, refusals } from './service-limits.ts';

type Context = Readonly<Record<string, unknown>>;

/** Of each option: not given, its least value, its greatest. */
const LEVELS = Object.entries(OPTIONS).map(([name, { ends }]) => ({ name, values: [undefined, ...ends] }));
const refusalOf = (context: Context): string | undefined => {
  try {
    readOptions(anApp(context).node);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('every end of every option, beside every end of every other', () => {
  const bound = PAIRS.map(({ names }) => names);
  const contexts = pairwise(LEVELS, bound, (context) => refusalOf(context) === undefined);

  test('is in one of these stacks, but for the pairs that exclude each other', () => {
    const excluded = contexts.excluded.map(([a, b]) => [a.name, b.name].sort().join(', '));
    expect([...new Set(excluded)].sort()).toEqual(PAIRS.map(({ names }) => [...names].sort().join(', ')).sort());
    expect(contexts.rows.length).toBeGreaterThanOrEqual(9);
  });

  test.each(contexts.rows.map((context, index) => [index, context]))('stack %i is one that AWS takes', (_, context) => {
    const { stack, template } = aStack(context as Context);
    expect(refusals(template, { ...LONGEST_PLACE, stackName: stack.stackName })).toEqual([]);
  });
});

test.each(PAIRS.map(({ names, expected }) => [...names, expected]))(
  '%s and %s that do not fit are refused in one sentence',
  (a, b, expected) => {
    const [first, second] = [a, b].map((name) => LEVELS.find((each) => each.name === name)?.values ?? []);
    const answers = (first ?? []).flatMap((one) => (second ?? []).map((other) => refusalOf({ [a]: one, [b]: other })));
    const refused = answers.filter((answer) => answer !== undefined);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(answers.length);
    for (const answer of refused) expect(answer).toBe(inFrame([`${a}, ${b}: ${expected}`]));
  },
);

/** Beyond an end: a number more, twice as many, a word that is none of a list. */
const BEYOND: readonly (readonly [string, unknown])[] = Object.entries(OPTIONS).flatMap(([name, { ends }]) =>
  beyond(ends).map((value): [string, unknown] => [name, value]),
);

function beyond([least, greatest]: readonly [unknown, unknown]): readonly unknown[] {
  if (typeof least === 'number') return [least - 1, Number(greatest) + 1];
  if (Array.isArray(greatest)) return [[...greatest, ...greatest]];
  return [typeof least === 'boolean' ? 'yes' : `${greatest}${greatest}`];
}

test('what is beyond an end is refused in one sentence', () => {
  for (const [name, value] of BEYOND) {
    const [, sentence = ''] = refusalOf({ [name]: value })?.split('\n') ?? [];
    expect(refusalOf({ [name]: value })).toBe(inFrame([sentence.trim()]));
    expect(sentence).toContain(`${name}: expected ${OPTIONS[name as keyof typeof OPTIONS].expected}, but got `);
    expect(sentence.length).toBeLessThan(600);
  }
  expect(refusalOf(Object.fromEntries([BEYOND.find(([name]) => name === 'maskPatterns') ?? []]))).toMatch(
    /as JSON with escapes they are \d{4} bytes$/m,
  );
});

/** What `scripts/synth.mjs` runs, without bundling the functions first: other tests read the bundles. */
const APP = `"${process.execPath}" bin/app.ts`;

test('cdk synth shows these sentences and no stack trace', () => {
  const wrong = Object.fromEntries(BEYOND);
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const context = Object.entries(wrong).flatMap(([name, value]) => ['-c', `${name}=${text(value)}`]);
  const cdk = join('node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stderr } = spawnSync(process.execPath, [cdk, 'synth', '-q', '--app', APP, ...context], {
    cwd: process.cwd(),
    encoding: 'utf8',
    env: { ...process.env, CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: '1', CI: '1' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain(
    refusalOf(Object.fromEntries(Object.entries(wrong).map(([name, value]) => [name, text(value)]))),
  );
  expect(stderr).not.toMatch(/^ +at /m);
});

const inFrame = (problems: readonly string[]): string =>
  `options are wrong:\n${problems.map((each) => `  ${each}`).join('\n')}\nGive them as -c name=value, or in cdk.json under "context"; docs/operations.md lists them.`;
