/** Quotes a text for a shell: a name that a producer chose must not run as a command of the person who pastes it. */
export const quoted = (text: string): string =>
  /^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
