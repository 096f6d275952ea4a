import type { Draft } from './draft.ts';
import { isObject, maskedValue } from './masked-value.ts';

/** The text of an error; empty for what says that there was none: null, false, 0, an empty list, `None`. */
export function errorTextOf(value: unknown): string {
  if (value === null || value === undefined || value === false || value === 0) return '';
  if (typeof value === 'string') return /^\s*(none|null|nan)?\s*$/i.test(value) ? '' : value;
  if (Array.isArray(value)) {
    const texts = value.map(errorTextOf);
    return texts.filter((text) => text !== '').join('; ');
  }
  if (isObject(value)) {
    const message = value.message ?? value.error_message ?? value.msg ?? value.error;
    if (typeof message === 'string') return message;
    return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
  }
  return String(value);
}

/** Takes an error as the event's message, unless it says nothing or the event has one. True: it did, and in full. */
export function takeErrorText(value: unknown, draft: Draft): boolean {
  const text = errorTextOf(maskedValue(value, draft));
  return text !== '' && setIn(draft, 'error', 'message', text) && text === value;
}

/** Sets a field of a row unless it is set; false when it was set to something else. */
export function setIn(draft: Draft, row: string, name: string, value: unknown): boolean {
  const fields = draft.fields[row] as Readonly<Record<string, unknown>> | undefined;
  if (fields?.[name] === undefined) draft.fields[row] = { ...fields, [name]: value };
  else return fields[name] === value;
  return true;
}

export const maskedText = (text: string, draft: Draft): string =>
  draft.settings.mask(text.toWellFormed().replaceAll('\0', '\uFFFD'));
