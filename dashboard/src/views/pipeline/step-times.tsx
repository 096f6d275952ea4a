import { useMemo } from 'preact/hooks';
import { durationShown } from '../../../../core/format.ts';
import { numberIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { Chart } from '../../parts/chart.tsx';
import { Section } from '../../parts/state.tsx';
import type { PipelineRef } from '../../router/links.ts';

const MOST_LINES = 6;
const COLOURS = ['--fill-live', '--fill-good', '--fill-bad', '--fill-doubtful', '--ink-2', '--line-strong'] as const;

/** The median of each step by day: the slowest of them. */
export function StepTimes({ of }: { readonly of: PipelineRef }) {
  const { value } = useQuestion('step-trend', {
    process_name: of.process_name ?? '',
    environment: of.environment ?? '',
    since: '90d',
  });
  const drawn = useMemo(
    () => stepLines((value ?? []).filter((row) => textIn(row, 'process_name') === of.process_name)),
    [value, of.process_name],
  );
  if (drawn.at.length < 2) return null;
  return (
    <Section
      title="Step times"
      aside={
        <span class="hint">
          Median by UTC day{drawn.left > 0 && `; the slowest ${MOST_LINES} of ${MOST_LINES + drawn.left} steps`}
        </span>
      }
    >
      <div class="panel">
        <Chart label="Median duration of its steps by day" at={drawn.at} lines={drawn.lines} show={durationShown} />
      </div>
    </Section>
  );
}

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
