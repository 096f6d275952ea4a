import { durationText } from '../../core/pipelines/duration.ts';
import type { Expectation } from '../../core/pipelines/expectations.ts';
import { plain } from './format.ts';

/** Settings in milliseconds, whatever they are part of. */
const DURATIONS: ReadonlySet<string> = new Set([
  ...['max_duration', 'min_duration', 'hold', 'backfill_after', 'freshness', 'start_grace'],
  ...['every', 'every_ms', 'window', 'backoff', 'initial', 'kill_after'],
]);
const NAME_WIDTH = 18;

/** What is expected of a pipeline, a line for each setting, as the file writes it. */
export function expectationLines(expectation: Expectation): readonly string[] {
  return Object.entries(expectation).flatMap(([name, value]) => {
    const shown = name === 'pattern' ? '' : settingShown(name, value);
    return shown === '' ? [] : [`  ${name.padEnd(NAME_WIDTH)}${plain(shown)}`];
  });
}

/** Empty when nothing is set. */
function settingShown(name: string, value: unknown): string {
  if (value === undefined || value === null || value === false) return '';
  if (typeof value === 'number') return DURATIONS.has(name) ? durationText(value) : String(value);
  if (Array.isArray(value)) return value.map((each) => settingShown(name, each)).join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([part, of]) => [part.replace(/_ms$/, ''), settingShown(part, of)])
    .filter(([, shown]) => shown !== '')
    .map((parts) => parts.join(' '))
    .join(', ');
}
