import { styleText } from 'node:util';
import { type Tone, toneOf } from '../../core/run/status-tone.ts';
import type { Output } from '../io.ts';

/** A style of Node's `styleText`: `green`, `bold`, … */
export type Style = Extract<Parameters<typeof styleText>[0], string>;

/** A stream for people to read. */
export interface Screen {
  readonly isTerminal: boolean;
  /** How many characters fit on a line; undefined when it is no terminal and nothing need be cut. */
  readonly width: number | undefined;
  line(text?: string): void;
  /** In that style on a terminal that shows colours, and unless NO_COLOR is set; else as it is. */
  paint(style: Style, text: string): string;
}

/** The screen over an output stream. */
export function screenOf(stream: Output): Screen {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    width: isTerminal ? Math.max(40, stream.columns ?? 80) : undefined,
    line: (text = '') => stream.write(`${text}\n`),
    paint: (style, text) => styleText(style, text, { stream, validateStream: true }),
  };
}

/** How a status looks. */
export const styleOf = (status: string): Style => STYLES[toneOf(status)];

const STYLES: Readonly<Record<Tone, Style>> = {
  good: 'green',
  bad: 'red',
  doubtful: 'yellow',
  live: 'cyan',
  quiet: 'dim',
};
