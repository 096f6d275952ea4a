/** Texts of a live run are cut, so that it stays small. */
const MAX_TEXT_BYTES = 512;

const utf8 = new TextEncoder();

/** The first bytes of a text, 512 unless said otherwise; whole characters only. */
export function cutText(text: string, maxBytes = MAX_TEXT_BYTES): string {
  if (text.length * 3 <= maxBytes) return text;
  const { read } = utf8.encodeInto(text, new Uint8Array(maxBytes));
  return read === text.length ? text : text.slice(0, read);
}
