import { attempt, type Reader, readText, unexpected } from './wire-value.ts';

/** A field of what was read or written. One within another is named `outer.inner`. */
export interface DatasetField {
  name: string;
  type?: string | undefined;
}

/** The names and types of fields, as a map or, where numbers are among the names, in a list of their own order. */
export type DatasetSchema = Readonly<Record<string, string>> | readonly (DatasetField | string)[];

/** The ledger reads so many fields of one dataset. */
const MAX_FIELDS = 5_000;

/** The fields in their order; what cannot be read of them is left out. */
export const readSchema: Reader<readonly DatasetField[]> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') {
    complain(unexpected(name, 'a map of names and types, or a list of { name, type }', value));
    return undefined;
  }
  const told = Array.isArray(value) ? value : Object.entries(value).map(([key, type]) => ({ name: key, type }));
  if (told.length > MAX_FIELDS)
    complain(
      new RangeError(`\`${name}\`: expected at most ${MAX_FIELDS} fields, got ${told.length}; the rest is left out`),
    );
  const fields = told.slice(0, MAX_FIELDS).flatMap((field): DatasetField[] => {
    const one = attempt(() => fieldOf(field), complain);
    if (one !== undefined) return [one];
    complain(unexpected(name, 'a name and a type', field));
    return [];
  });
  return fields.length > 0 ? fields : undefined;
};

function fieldOf(field: unknown): DatasetField | undefined {
  if (typeof field === 'string') return field === '' ? undefined : { name: field };
  if (typeof field !== 'object' || field === null) return undefined;
  const { name, type } = field as { readonly name?: unknown; readonly type?: unknown };
  if (typeof name !== 'string' || name === '') return undefined;
  const text = readText(type, name, () => undefined);
  return text === undefined ? { name } : { name, type: text };
}
