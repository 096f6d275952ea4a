import { randomUUID } from 'node:crypto';
import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, oneLine } from '../../core/cut.ts';
import { errorMessage } from '../../core/error-message.ts';
import { visibleText } from '../../core/json-text.ts';
import type { Channel } from '../../core/ports/channel.ts';

/** More than this of one notice hides the others. */
const MAX_LINES_LENGTH = 4_000;
const MAX_STEPS_LENGTH = 1_000;

/** Writes notices as text, a line at a time. What a producer wrote cannot move the cursor of a terminal. */
export function openConsole(write: (line: string) => void): Channel {
  return {
    async send(notice) {
      try {
        for (const line of textOf(notice)) write(line);
        return { channel: 'console', delivered: true, message_id: randomUUID() };
      } catch (error) {
        return {
          channel: 'console',
          delivered: false,
          why: `Expected the console to take the notice, got ${errorMessage(error)}.`,
        };
      }
    },
  };
}

/** A notice as lines of text: what happened, what is known of it, and what to type next. */
function textOf({ kind, severity, environment, title, lines, next_steps, facts }: Notice): readonly string[] {
  const known = ['runbook', 'owner'].flatMap((name) => (facts[name] ? [`${name}: ${facts[name]}`] : []));
  return [
    `[${severity}] ${kind}: ${title} (${environment})`,
    ...cutLines(
      lines.flatMap((line) => line.split('\n')),
      MAX_LINES_LENGTH,
    ).map((line) => `  ${line}`),
    ...known.map((line) => `  ${line}`),
    ...cutLines(next_steps, MAX_STEPS_LENGTH).map((step) => `  > ${oneLine(step)}`),
  ].map((line) => visibleText(line.replaceAll(/[\n\r\u2028\u2029]+/g, ' ').trimEnd()));
}
