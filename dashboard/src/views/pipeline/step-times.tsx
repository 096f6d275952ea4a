import { useMemo } from 'preact/hooks';
import { durationShown } from '../../../../core/format.ts';
import { textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { Chart } from '../../parts/chart.tsx';
import { Section } from '../../parts/state.tsx';
import type { PipelineRef } from '../../router/links.ts';
import { MOST_LINES, stepLines } from './step-lines.ts';

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
