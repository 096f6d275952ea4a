import type { EventSink } from '../core/ports/event-sink.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { isStamped } from '../core/schema/canonical-line.ts';

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Sends the lines of an object that accept did not write through accept: files that somebody put there, or that a
 * stream landed untransformed. Doing it twice adds nothing, because identity is content.
 */
export async function reacceptLines(store: ObjectStore, sink: EventSink, object: string): Promise<number> {
  const content = utf8.decode(await store.get(object));
  const lines = content.split('\n').filter((line) => line.trim() !== '' && !isStamped(line));
  for (let at = 0; at < lines.length; at += LINES_PER_SEND) {
    await sink.send([encoder.encode(lines.slice(at, at + LINES_PER_SEND).join('\n'))]);
  }
  return lines.length;
}

const LINES_PER_SEND = 1000;
