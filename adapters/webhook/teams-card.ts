import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';
import { messageIdOf } from './ids.ts';
import type { Message } from './post.ts';

/** Teams takes 28 KB of a workflow's message; this leaves room for what it adds. */
const MAX_BYTES = 24_000;
const MAX_TITLE_LENGTH = 250;
const MAX_FACT_LENGTH = 150;
const MAX_FACTS = 15;
const MAX_STEPS_LENGTH = 1_500;
/** Tried one after another, until the card fits. */
const LINES_LENGTHS = [8_000, 4_000, 2_000, 1_000, 400];

const COLORS = { P1: 'attention', P2: 'warning', P3: 'default' } as const;

/**
 * A notice as an adaptive card, for a Teams workflow that posts what it receives. What a producer wrote stands in runs of
 * rich text, where Teams reads no markup. Never throws: what is too long is cut.
 */
export function teamsCard(notice: Notice): readonly Message[] {
  const bodies = LINES_LENGTHS.map((max) => JSON.stringify(cardOf(notice, max)));
  const body = bodies.find((each) => Buffer.byteLength(each) <= MAX_BYTES) ?? bodies.at(-1) ?? '';
  return [{ id: messageIdOf(notice.told), headers: { 'content-type': 'application/json; charset=utf-8' }, body }];
}

function cardOf({ kind, severity, environment, title, lines, next_steps, facts, links }: Notice, max: number) {
  const color = kind === 'resolved' ? 'good' : COLORS[severity];
  const known = Object.entries({ severity, environment, ...facts }).slice(0, MAX_FACTS);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            rich({ text: cutText(text(title), MAX_TITLE_LENGTH), weight: 'bolder', size: 'medium', color }),
            ...cutLines(lines.flatMap((line) => line.split('\n')).map(text), max).map((line) => rich({ text: line })),
            ...known.map(([name, value]) =>
              rich(
                { text: `${cutText(text(name), MAX_FACT_LENGTH)}: `, weight: 'bolder' },
                { text: cutText(text(value), MAX_FACT_LENGTH) },
              ),
            ),
            ...cutLines(next_steps.map(text), MAX_STEPS_LENGTH).map((step) =>
              rich({ text: step, fontType: 'monospace' }),
            ),
          ],
          actions: links
            .filter(({ url }) => url.length <= 2_000)
            .slice(0, 3)
            .map((link) => ({ type: 'Action.OpenUrl', title: cutText(link.title, 75), url: link.url })),
        },
      },
    ],
  };
}

interface TextRun {
  readonly text: string;
  readonly weight?: 'bolder';
  readonly size?: 'medium';
  readonly color?: string;
  readonly fontType?: 'monospace';
}

const rich = (...runs: readonly TextRun[]) => ({
  type: 'RichTextBlock',
  inlines: runs.map((run) => ({ type: 'TextRun', ...run, text: run.text || '–' })),
});

const text = (given: string): string => oneLine(given.toWellFormed());
