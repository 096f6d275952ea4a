/**
 * JSON that no terminal takes for commands and no reader in another order: `JSON.stringify` leaves DEL, the C1 controls,
 * the marks that turn the direction of text, and the separators of lines as they are. The data is the same.
 */
export const jsonText = (value: unknown, indent?: number): string => visibleText(JSON.stringify(value, null, indent));

/** A text with each control and each mark of direction written `\u001b`. Line ends and tabs stay. */
export const visibleText = (text: string): string =>
  text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A carriage return that ends no line is one too: a terminal would go back and write over what it shows. */
const UNSEEN = /[[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]--[\t\n\r]]|\r(?!\n)/gv;
