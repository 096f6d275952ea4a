import type { RunOptions } from '../run-options.ts';

/** What is known of a run without its code having said so: options of a run. */
export type Found = { readonly [Name in keyof RunOptions]?: RunOptions[Name] };

type Options = Readonly<Record<string, unknown>>;

/** Maps are joined by key; of two other values the second counts. */
export function joined(found: Options, more: Options): Record<string, unknown> {
  const all: Record<string, unknown> = { ...found };
  for (const [name, value] of defined(more)) {
    const before = all[name];
    all[name] = isMap(before) && isMap(value) ? { ...before, ...Object.fromEntries(defined(value)) } : value;
  }
  return all;
}

const defined = (options: Options): readonly [string, unknown][] =>
  Object.entries(options).filter(([, value]) => value !== undefined && value !== null);

const isMap = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

export const countIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

export const suffixed = (value: unknown, suffix: string): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : `${String(value)}${suffix}`;
