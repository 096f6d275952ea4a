import { setImmediate } from 'node:timers/promises';
import type { Context } from 'hono';
import { jsonText } from '../../core/json-text.ts';

/** What is written between two looks at other requests: a large answer must not delay the events of others. */
const PIECE_LENGTH = 64 * 1024;

/** A response of many short texts, which are made as it is sent. A short one has a length. */
export function longAnswer(c: Context, texts: Iterator<string>, headers: Readonly<Record<string, string>>): Response {
  const first = nextPiece(texts);
  if (first.length < PIECE_LENGTH) return c.body(first, 200, headers);

  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(encoder.encode(first)),
    pull: async (stream) => {
      await setImmediate();
      const piece = nextPiece(texts);
      if (piece === '') stream.close();
      else stream.enqueue(encoder.encode(piece));
    },
  });
  return c.body(body, 200, headers);
}

/** Empty when there is no more. */
function nextPiece(texts: Iterator<string>): string {
  let piece = '';
  while (piece.length < PIECE_LENGTH) {
    const { done, value } = texts.next();
    if (done) break;
    piece += value;
  }
  return piece;
}

/** A value that others sent, safe to print. */
export const jsonAnswer = (c: Context, value: unknown): Response =>
  longAnswer(c, [jsonText(value)].values(), { 'content-type': 'application/json' });
