// A copy of core/mask/escapes.ts, made by `npm run docs`: the client is published alone.
/**
 * A text with the signs that masks go by written plainly: no percent-encoding (`password%3D`, `%2540`), no escape of JSON
 * or Python (`\u0040`, `\x3d`), no entity of HTML (`&#64;`), no full-width letter (`＠`). Quotes and backslashes keep the
 * backslashes before them, so that quoting stays balanced.
 */
export const unescaped = (text: string): string =>
  text.replace(ESCAPES, (whole: string, ...groups: unknown[]) => {
    const [hex, entityHex, decimal, name] = groups as (string | undefined)[];
    const code = decimal === undefined ? Number.parseInt(hex ?? entityHex ?? '', 16) : Number(decimal);
    if (code > 31) return String.fromCharCode(code);
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    if (whole === '。' || whole === '｡') return '.';
    return String.fromCharCode(whole.charCodeAt(0) - 0xfee0);
  });

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  commat: '@',
  quot: '"',
  apos: "'",
  equals: '=',
  colon: ':',
  period: '.',
  lt: '<',
  gt: '>',
};

const ESCAPES =
  /(?:%(?:25){0,3}|\\{1,8}(?:u00|x)(?!22|27|5c)|(?<=\\)(?:u00|x)(?=22|27|5c))([2-7][0-9a-f])|&#x0{0,4}([2-7][0-9a-f]);|&#0{0,4}(\d{2,3});|&(amp|commat|quot|apos|equals|colon|period|lt|gt);|[\uff01-\uff5e\u3002\uff61]/gi;
