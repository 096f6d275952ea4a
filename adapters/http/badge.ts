import { markupText } from '../../core/markup.ts';
import { type Tone, toneOf } from '../../core/run/status-tone.ts';

/** What stands on a badge. Names are whatever a producer sent. */
export interface Badge {
  readonly label: string;
  readonly status: string;
}

const MOST_LETTERS = 60;
const LETTER_WIDTH = 7;

/** An image of a pipeline's latest status, for a README or a wiki: words and colour say the same. */
export function badgeSvg({ label, status }: Badge): string {
  const [left, right] = [shortened(label), shortened(status)];
  const [leftWidth, rightWidth] = [left, right].map((text) => [...text].length * LETTER_WIDTH + 12) as [number, number];
  const width = leftWidth + rightWidth;
  const text = (at: number, words: string) => `<text x="${at}" y="14" text-anchor="middle">${markupText(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${markupText(`${left}: ${right}`)}">`,
    `<title>${markupText(`${label.slice(0, 500)}: ${status}`)}</title>`,
    `<rect width="${leftWidth}" height="20" fill="#444"/>`,
    `<rect x="${leftWidth}" width="${rightWidth}" height="20" fill="${COLOURS[toneOf(status)]}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    text(leftWidth / 2, left),
    text(leftWidth + rightWidth / 2, right),
    '</g></svg>\n',
  ].join('');
}

const COLOURS: Readonly<Record<Tone, string>> = {
  good: '#1a6f37',
  bad: '#b3261e',
  doubtful: '#8a5a00',
  live: '#1f5fa8',
  quiet: '#555',
};

const shortened = (text: string): string => {
  const letters = [...text];
  return letters.length <= MOST_LETTERS ? text : `${letters.slice(0, MOST_LETTERS - 1).join('')}…`;
};
