import { QueryRejectedError } from './ports/answer-engine.ts';

/**
 * Passes a text that can do nothing but read: of Trino's statements only those that begin so. What may be read is for the
 * rights of the asker to say; a second statement, no engine takes. Throws `QueryRejectedError`.
 */
export async function assertSelect(sql: string): Promise<void> {
  const text = sql.replace(COMMENTS, '');
  if (/^\(*\s*(select|with|values)\b/i.test(text)) return;
  throw new QueryRejectedError(`expected one SELECT, got ${JSON.stringify(text.slice(0, 40))}`);
}

/** Blanks and comments before the first word. */
const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
