import { markupText } from '../markup.ts';

/** One bar of a plot, of two parts: what went well, and what failed. */
export interface Bar {
  readonly label: string;
  readonly good: number;
  readonly bad: number;
}

const WIDTH = 640;
const HEIGHT = 160;
const BOTTOM = 20;
const TOP = 14;

/**
 * Bars as an SVG that needs nothing else. Failures are told by a pattern beside their colour, and the numbers stand in each
 * bar's title and above it.
 */
export function barPlot(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const most = Math.max(1, ...bars.map(({ good, bad }) => good + bad));
  const step = WIDTH / bars.length;
  const heightOf = (value: number) => ((HEIGHT - BOTTOM - TOP) * value) / most;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${markupText(title)}">`,
    '<defs><pattern id="failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
    '<rect width="6" height="6" fill="#b3261e"/><rect width="2" height="6" fill="#fff"/></pattern></defs>',
    ...bars.map(({ label, good, bad }, at) => {
      const x = at * step + step * 0.15;
      const width = step * 0.7;
      const base = HEIGHT - BOTTOM;
      const middle = at * step + step / 2;
      return [
        `<g><title>${markupText(`${label}: ${good + bad} runs, ${bad} failed`)}</title>`,
        rect(x, base - heightOf(good), width, heightOf(good), '#2a6f97'),
        rect(x, base - heightOf(good) - heightOf(bad), width, heightOf(bad), 'url(#failed)'),
        `<text x="${round(middle)}" y="${round(base - heightOf(good + bad) - 3)}" text-anchor="middle">${good + bad}</text>`,
        `<text x="${round(middle)}" y="${HEIGHT - 5}" text-anchor="middle">${markupText(label)}</text></g>`,
      ].join('');
    }),
    '</svg>',
  ].join('');
}

const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}"/>`;

const round = (value: number): number => Math.round(value * 10) / 10;
