import { createHash } from 'node:crypto';
import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';

/** Bounds of the schema: Amazon Q Developer in chat applications, "Custom notifications". */
const MAX_TITLE_LENGTH = 250;
const MAX_DESCRIPTION_LENGTH = 8_000;
const MAX_STEP_LENGTH = 350;
const MAX_KEYWORD_LENGTH = 75;
/** The ledger's own bounds, where the schema names none. */
const MAX_STEPS = 8;
const MAX_FACTS = 20;
const MAX_FACT_LENGTH = 250;

/**
 * A notice as Amazon Q's custom schema, as JSON: the only form that it shows; it drops anything else. Messages of
 * one story share a thread. Never throws: what is too long is cut.
 */
export function chatMessage(notice: Notice): string {
  const { kind, severity, environment, process_name, run_id, thread, title, lines, next_steps, facts } = notice;
  const headline = oneLine(plain(`[${severity}] ${title}`));
  const steps = cutCount(next_steps, MAX_STEPS).map((step) => cutText(oneLine(plain(step)), MAX_STEP_LENGTH));
  const description = cutLines(
    // The schema requires one.
    lines.every((line) => line.trim() === '') ? [headline] : lines.map(plain),
    MAX_DESCRIPTION_LENGTH,
  ).join('\n');
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: hashOf(JSON.stringify(notice)),
    content: {
      textType: 'client-markdown',
      title: cutText(headline, MAX_TITLE_LENGTH),
      description,
      ...(steps.length > 0 ? { nextSteps: steps } : {}),
      keywords: [severity, environment, process_name].map((word) => cutText(oneLine(plain(word)), MAX_KEYWORD_LENGTH)),
    },
    metadata: {
      threadId: thread.length <= MAX_FACT_LENGTH ? oneLine(thread) : hashOf(thread),
      summary: cutText(headline, MAX_TITLE_LENGTH),
      additionalContext: Object.fromEntries(
        Object.entries({ kind, ...(run_id === '' ? {} : { run: run_id }), ...facts })
          .slice(0, MAX_FACTS)
          .map(([name, value]) => [
            cutText(oneLine(name), MAX_KEYWORD_LENGTH),
            cutText(oneLine(plain(value)), MAX_FACT_LENGTH),
          ]),
      ),
    },
  });
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Slack reads `<!channel>` and `<url|text>` in angle brackets: what a producer wrote must not page people or hide an address. */
const plain = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›');

const cutCount = (texts: readonly string[], max: number): readonly string[] =>
  texts.length <= max ? texts : [...texts.slice(0, max - 1), `… ${texts.length - max + 1} more`];
