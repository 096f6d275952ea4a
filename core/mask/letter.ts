/** The letters that masks look at, by their code: a text is read without cutting it up. Past its end a code is NaN. */
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const AMPERSAND = 38;
export const SINGLE_QUOTE = 39;
export const COMMA = 44;
export const HYPHEN = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const GREATER = 62;
export const AT = 64;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const UNDERSCORE = 95;
export const BACKTICK = 96;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

export const isBlank = (code: number): boolean => code === SPACE || code === 9;
export const isQuote = (code: number): boolean => code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === BACKTICK;
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isAlphanumeric = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code);

/**
 * A bit for each letter of either case, one more for digits, `_`, `-` and `.`, and 0 for what is in no name: so reading a
 * name backwards also tells which letters it has.
 */
export const letterBitOf = (code: number): number => LETTER_BITS[code] ?? 0;
const LETTER_BITS: readonly number[] = Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return /[a-z]/i.test(letter) ? 1 << (code & 31) : /[\d_.-]/.test(letter) ? 1 : 0;
});
export const isNameCode = (code: number): boolean => letterBitOf(code) !== 0;
