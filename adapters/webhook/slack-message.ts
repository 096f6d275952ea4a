import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';
import { messageIdOf } from './ids.ts';
import type { Message } from './post.ts';

/** Bounds of Slack: the references of Block Kit for header, section and button. */
const MAX_TITLE_LENGTH = 150;
const MAX_TEXT_LENGTH = 3_000;
const MAX_FIELDS = 10;
const MAX_BUTTON_LENGTH = 75;
/** The ledger's own: what a person reads in a chat. */
const MAX_FIELD_LENGTH = 300;
const MAX_LINK_LENGTH = 2_000;

/**
 * A notice as blocks for an incoming webhook. What a producer wrote is plain text in them, where Slack reads no markup: it
 * can page nobody and hide no address. Never throws: what is too long is cut.
 */
export function slackMessage(notice: Notice): readonly Message[] {
  const { severity, environment, lines, next_steps, facts, links } = notice;
  const headline = oneLine(`[${severity}] ${notice.title}`);
  const known = Object.entries({ environment, ...facts }).map(([name, value]) =>
    cutText(oneLine(`${name}: ${value}`), MAX_FIELD_LENGTH),
  );
  const blocks = [
    { type: 'header', text: plain(headline, MAX_TITLE_LENGTH) },
    ...(headline.length > MAX_TITLE_LENGTH ? [section(headline)] : []),
    ...(lines.length > 0 ? [section(cutLines(lines.map(visible), MAX_TEXT_LENGTH).join('\n'))] : []),
    ...inTens(known).map((fields) => ({
      type: 'section',
      fields: fields.map((each) => plain(each, MAX_FIELD_LENGTH)),
    })),
    ...(next_steps.length > 0 ? [commands(cutLines(next_steps.map(oneLine), MAX_TEXT_LENGTH).join('\n'))] : []),
    ...(links.length > 0 ? [buttons(links)] : []),
  ];
  const text = cutText(headline, MAX_TEXT_LENGTH).replace(/[&<>]/g, (mark) => ENTITIES[mark] ?? mark);
  return [
    {
      id: messageIdOf(notice.told),
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ text, blocks }),
    },
  ];
}

/** The only ones that Slack knows. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const plain = (text: string, max: number) => ({
  type: 'plain_text',
  // An empty one is refused.
  text: cutText(text, max) || '–',
  emoji: false,
});

const section = (text: string) => ({ type: 'section', text: plain(text, MAX_TEXT_LENGTH) });

const commands = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || '–' }] }],
});

const buttons = (links: Notice['links']) => ({
  type: 'actions',
  elements: links
    .filter(({ url }) => url.length <= MAX_LINK_LENGTH)
    .slice(0, 5)
    .map(({ title, url }) => ({ type: 'button', text: plain(title, MAX_BUTTON_LENGTH), url })),
});

/** Lines stay lines; other control characters go. */
const visible = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(oneLine)
    .join('\n');

const inTens = (texts: readonly string[]): readonly (readonly string[])[] =>
  [texts.slice(0, MAX_FIELDS), texts.slice(MAX_FIELDS, 2 * MAX_FIELDS)].filter((each) => each.length > 0);
