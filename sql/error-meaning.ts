import { ERROR_CLASSES, type ErrorClass, KNOWN_CODES } from '../core/schema/error-code.ts';

/** What the taxonomy makes of `error_code`, as expressions of SQL; null where there is no code. */
export const errorMeaning = (): Readonly<Record<string, string>> => ({
  error_class: byClass(({ name }) => `'${name}'`, []),
  error_advice: byClass(
    ({ advice }) => textOf(advice),
    Object.entries(KNOWN_CODES).flatMap(([code, { advice }]) =>
      advice === undefined ? [] : [`when error_code = '${code}' then ${textOf(advice)}`],
    ),
  ),
});

function byClass(wordOf: (each: ErrorClass) => string, known: readonly string[]): string {
  const [unknown, ...classes] = [...ERROR_CLASSES].reverse();
  if (unknown?.name !== 'unknown') throw new Error('expected the class of unknown codes to be the last');
  const branches = [unknown, ...classes].map((each) => `when ${isOf(each)} then ${wordOf(each)}`);
  const rest = `when error_code is not null then ${wordOf(unknown)}`;
  return `case\n    ${[...known, ...branches, rest].join('\n    ')}\n  end`;
}

/** A letter and three digits, in the range of the class. */
const isOf = ({ prefix, from, to }: ErrorClass): string =>
  `translate(error_code, '0123456789', '0000000000') = '${prefix}000' and error_code between '${codeOf(prefix, from)}' and '${codeOf(prefix, to)}'`;

const codeOf = (prefix: string, number: number): string => `${prefix}${String(number).padStart(3, '0')}`;
/** Athena takes a semicolon for the end of a statement, wherever it stands. */
const textOf = (text: string): string => `'${text.replaceAll("'", "''").replaceAll(';', "' || chr(59) || '")}'`;
