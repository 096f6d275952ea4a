import { ledger } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { RunName, Text } from '../../parts/name.tsx';
import { Section } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import type { PipelineRef } from '../../router/links.ts';

/** What the ledger, or a person, decided about runs: whether they are started again, wait, are stopped, and why. */
export function Decisions({ of, run_ids }: { readonly of: PipelineRef; readonly run_ids: readonly string[] }) {
  const { environment, process_name } = of;
  const data = useData(
    `decisions ${JSON.stringify([environment, process_name])}`,
    (signal) => ledger.decisions({ environment: environment ?? '', process_name: process_name ?? '' }, signal),
    { on: ['runs', 'incidents'], everyMs: 2_000 },
  );
  const decisions = (data.value ?? [])
    .flatMap((recovery) => recovery.decisions)
    .filter(({ run_id, new_run_id }) => run_ids.includes(run_id) || run_ids.includes(String(new_run_id)))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number - b.number));
  if (decisions.length === 0) return null;
  return (
    <Section title="What was decided">
      <ol class="reasons">
        {decisions.map((decision) => (
          <li key={`${decision.at} ${decision.number}`}>
            <When at={decision.at} /> <strong>{DONE[decision.kind]}</strong> <code>{decision.reason}</code>{' '}
            <Text of={decision.text} />{' '}
            {typeof decision.new_run_id === 'string' && (
              <RunName of={{ environment, process_name, run_id: decision.new_run_id }} />
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

type Kind = Awaited<ReturnType<typeof ledger.decisions>>[number]['decisions'][number]['kind'];

const DONE: Readonly<Record<Kind, string>> = {
  restart: 'to be started again',
  wait: 'waits',
  no: 'not started again',
  escalate: 'left to people',
  stop: 'to be stopped',
  started: 'started',
  not_started: 'could not be started',
  unclear: 'nobody knows whether it started',
  stopped: 'stopped',
  not_stopped: 'could not be stopped',
};
