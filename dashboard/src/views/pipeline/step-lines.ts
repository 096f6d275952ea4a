import { numberIn, type Row, textIn } from '../../http/rows.ts';

export const MOST_LINES = 6;
const COLOURS = ['--fill-live', '--fill-good', '--fill-bad', '--fill-doubtful', '--ink-2', '--line-strong'] as const;

/** A line for each of the slowest steps: its median by day. */
export function stepLines(rows: readonly Row[]) {
  const days = [...new Set(rows.flatMap((row) => textIn(row, 'day')?.slice(0, 10) ?? []))].sort();
  const steps = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const [step, day, median] = [
      textIn(row, 'step_name'),
      textIn(row, 'day')?.slice(0, 10),
      numberIn(row, 'median_ms'),
    ];
    if (step === null || day === undefined || median === null) continue;
    const byDay = steps.get(step) ?? new Map<string, number>();
    steps.set(step, byDay.set(day, median));
  }
  const slowest = [...steps].sort(([, a], [, b]) => Math.max(...b.values()) - Math.max(...a.values()));
  return {
    at: days.map((day) => Date.parse(`${day}T00:00:00Z`)),
    lines: slowest.slice(0, MOST_LINES).map(([label, byDay], at) => ({
      label,
      values: days.map((day) => byDay.get(day) ?? null),
      colour: COLOURS[at] ?? '--ink-2',
    })),
    left: Math.max(0, slowest.length - MOST_LINES),
  };
}
