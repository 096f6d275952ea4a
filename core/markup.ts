/** Text as it may stand in HTML, SVG and XML, in elements and in quoted attributes. What XML cannot hold is replaced. */
export const markupText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(NOT_IN_XML, '\uFFFD')
    .replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML has no way to write
const NOT_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
