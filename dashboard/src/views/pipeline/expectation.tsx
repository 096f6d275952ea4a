import { ledger, type Slot } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { RunName } from '../../parts/name.tsx';
import { Section } from '../../parts/state.tsx';
import { Status } from '../../parts/status.tsx';
import type { PipelineRef } from '../../router/links.ts';
import { nowMs } from '../../time/clock.ts';

const HOUR_MS = 3_600_000;
const STATES: Readonly<Record<Slot['state'], string>> = {
  waiting: 'WAITING',
  running: 'RUNNING',
  good: 'SUCCESS',
  failed: 'FAILED',
  missed: 'MISSED',
};

/** When it should start, and what came of that: the last two days and the next. */
export function Expectation({ of }: { readonly of: PipelineRef }) {
  const hour = Math.floor(nowMs() / HOUR_MS) * HOUR_MS;
  const [from, until] = [hour - 48 * HOUR_MS, hour + 24 * HOUR_MS].map((ms) => new Date(ms).toISOString());
  const { value } = useData(`expected ${from}`, (signal) => ledger.expected(from ?? '', until ?? '', signal), {
    on: ['runs'],
    everyMs: 5_000,
  });
  const slots = (value ?? []).filter(
    (slot) => slot.process_name === of.process_name && slot.environment === of.environment,
  );
  if (value === undefined) return null;
  return (
    <Section title="Expected starts">
      {slots.length === 0 ? (
        <p class="hint">
          No schedule is known of it: name one in <code>pipelines.yaml</code>, and a run that does not start is told of.
        </p>
      ) : (
        <DataTable
          label="Expected starts"
          rows={[...slots].reverse()}
          columns={[
            {
              head: 'Expected',
              cell: (slot) => (
                <span title={`${slot.slot} UTC`}>
                  {slot.local_time}{' '}
                  <small class="hint">
                    {slot.timezone}, {slot.slot.slice(11, 16)} UTC
                  </small>
                </span>
              ),
            },
            { head: 'What came', cell: (slot) => <Status status={STATES[slot.state]} /> },
            { head: 'Why', cell: ({ reasons }) => reasons.join(', ') },
            {
              head: 'Runs',
              cell: ({ run_ids }) =>
                run_ids.slice(0, 3).map((run_id) => <RunName key={run_id} of={{ ...of, run_id }} />),
            },
          ]}
        />
      )}
    </Section>
  );
}
