import { isJsonLine } from '../accept/accept-line.ts';
import { jsonValues } from './json-values.ts';

const utf8 = new TextEncoder();
const text8 = new TextDecoder();

/**
 * The objects of a line that holds several, one behind the other: producers forget the line end between records, and
 * Firehose joins what it was given. Undefined when the line is anything else.
 */
export function joinedValues(line: string): readonly string[] | undefined {
  if (!/^\s*\{/.test(line) || !/\}\s*\{/.test(line)) return undefined;
  const values = jsonValues();
  const parts = text8
    .decode(values.push(utf8.encode(line)))
    .split('\n')
    .slice(0, -1);
  const areObjects = parts.length > 1 && parts.every((part) => part.startsWith('{') && isJsonLine(part));
  return areObjects && values.isComplete() ? parts : undefined;
}
