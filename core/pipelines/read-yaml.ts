import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { errorMessage } from '../error-message.ts';
import { nearest } from '../nearest.ts';
import { keysAt } from './known-keys.ts';
import { type Problem, pathShown } from './problem.ts';

/** A file as it was read. With a problem it is not to be used. */
export interface ReadYaml<File> {
  /** Undefined when there is a problem. */
  readonly file: File | undefined;
  readonly problems: readonly Problem[];
  /** Where a path stands in the text, for what is found later. */
  readonly placeOf: (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };
}

/** More than people write: a longer text is refused before it is parsed. */
export const MAX_FILE_BYTES = 1_000_000;

/** Reads the text of a YAML file and finds everything in which it does not fit its schema. Never throws. */
export function readYaml<File>(text: string, schema: z.ZodType<File>): ReadYaml<File> {
  if (text.length > MAX_FILE_BYTES)
    return unreadable(`expected at most ${MAX_FILE_BYTES} characters, but got ${text.length}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeOf = (path: readonly PropertyKey[]) => placeIn(document, lines, path);
  const wrong = document.errors.map((error): Problem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { line, column: col, path: '', message: `expected YAML, but ${sentence(error.message)}` };
  });
  if (wrong.length > 0) return { file: undefined, problems: wrong, placeOf };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return unreadable(`expected YAML with at most a hundred aliases, but ${errorMessage(error)}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return { file: result.data, problems: [], placeOf };
  return {
    file: undefined,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, value, placeOf, schema)),
    placeOf,
  };
}

const unreadable = (message: string): ReadYaml<never> => ({
  file: undefined,
  problems: [{ line: 1, column: 1, path: '', message }],
  placeOf: () => ({ line: 1, column: 1 }),
});

const sentence = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

function problemsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  placeOf: ReadYaml<unknown>['placeOf'],
  schema: z.core.$ZodType,
): readonly Problem[] {
  const at = (path: readonly PropertyKey[], message: string): Problem => ({
    ...placeOf(path),
    path: pathShown(path),
    message,
  });
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${meant}?`;
      return at([...issue.path, key], `expected a known name, but got ${JSON.stringify(key)}; ${hint}`);
    });
  }
  if (issue.code === 'invalid_union') {
    // Of several forms, names below it mean the one with names, anything else the first.
    const isNamed = typeof valueAt(value, issue.path) === 'object';
    const meant = issue.errors.at(isNamed ? -1 : 0) ?? [];
    return meant.flatMap((each) =>
      problemsOf({ ...each, path: [...issue.path, ...each.path] }, value, placeOf, schema),
    );
  }
  const got = valueAt(value, issue.path);
  const expected = /^expected/.test(issue.message) ? issue.message : formOf(issue);
  return [
    at(issue.path, got === undefined ? `${expected}, but got nothing` : `${expected}, but got ${excerptOf(got)}`),
  ];
}

/** What zod says of the form of a value, in our words. */
function formOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${FORMS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_big') return `expected at most ${issue.maximum} of them`;
  if (issue.code === 'too_small') return `expected at least ${issue.minimum} of them`;
  return `expected another value (${issue.message})`;
}

const FORMS: Readonly<Record<string, string>> = {
  object: 'names with values below it',
  record: 'names with values below it',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function excerptOf(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Where the key of a path stands, or of the nearest part above it that stands in the text. */
function placeIn(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { line: number; column: number } {
  for (let depth = path.length; depth > 0; depth--) {
    const key = path[depth - 1];
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (isScalar(pair?.key) && pair.key.range) return at(lines, pair.key.range[0]);
    }
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly [number, ...number[]] } | undefined;
    if (node?.range) return at(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
