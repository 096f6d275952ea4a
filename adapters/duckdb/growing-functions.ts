import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import type { Node } from './scopes.ts';

/** How far one call may grow a text or a list. */
const MOST = 10_000;

/** Functions whose result is as large as an argument says, and where that argument stands. DuckDB's memory limit does not bind them. */
const SIZE_ARGUMENT: Readonly<Record<string, number>> = {
  repeat: 1,
  lpad: 1,
  rpad: 1,
  list_resize: 1,
  array_resize: 1,
  bitstring: 1,
  to_base: 2,
  bar: 3,
};
/** As table functions they give a row at a time. As values they are one list, however long. */
const ROWS_ONLY = new Set(['range', 'generate_series']);
const FORMATS = new Set(['printf', 'format']);

/** Throws `QueryRejectedError` when the call of a function could make of a few letters more than the memory holds. */
export function assertBounded(name: string, { children }: Node): void {
  const given = children as readonly Node[];
  if (ROWS_ONLY.has(name)) {
    throw new QueryRejectedError(
      `expected ${name} after from, where it gives rows, got it as a value; from ${name}(…)`,
    );
  }
  const at = SIZE_ARGUMENT[name];
  if (at !== undefined && given[at] !== undefined && !isSmall(given[at])) {
    throw new QueryRejectedError(
      `expected argument ${at + 1} of ${name} as a number of at most ${MOST}, got another; write it out, or bound it with least(…, ${MOST})`,
    );
  }
  if (FORMATS.has(name) && !hasSmallWidths(given[0])) {
    throw new QueryRejectedError(
      `expected the widths in the first argument of ${name} written out, of at most 4 digits, got others; pad with lpad`,
    );
  }
}

/** A small number, or `least` of whatever and one. */
function isSmall(node: Node): boolean {
  if (node.class === 'CONSTANT') {
    const { value } = node.value as { readonly value?: unknown };
    return value === undefined || value === null || (typeof value === 'number' && value <= MOST);
  }
  return (
    node.class === 'FUNCTION' && node.function_name === 'least' && (node.children as readonly Node[]).some(isSmall)
  );
}

/** `%*d` and `{:{}}` take a width from an argument. */
function hasSmallWidths(node: Node | undefined): boolean {
  if (node?.class !== 'CONSTANT') return false;
  const { value } = node.value as { readonly value?: unknown };
  return typeof value !== 'string' || !/\d{5}|%[^a-z%]*\*|\{[^}]*\{/i.test(value);
}
