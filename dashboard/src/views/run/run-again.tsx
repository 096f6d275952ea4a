import { useState } from 'preact/hooks';
import { counted } from '../../../../core/format.ts';
import { ledger, type ReplayPlan, type Session, type ShownRun, type Step } from '../../http/ledger.ts';
import { ActionForm } from '../../parts/action-form.tsx';
import { Facts } from '../../parts/facts.tsx';
import { mayOperate } from '../../parts/may.ts';
import { RunName, Text } from '../../parts/name.tsx';
import { isOpen } from '../../parts/run-facts.ts';
import { Section } from '../../parts/state.tsx';
import { Both } from '../../parts/when.tsx';
import { type AskedAgain, newRunId, replayOf } from './replay.ts';

/** Runs a run again: first the plan, then the start. Nothing is started before its plan was seen. */
export function RunAgain({
  run,
  steps,
  session,
}: {
  readonly run: ShownRun;
  readonly steps: readonly Step[];
  readonly session: Session;
}) {
  const [planned, setPlanned] = useState<{ readonly asked: AskedAgain; readonly plan: ReplayPlan }>();
  const [started, setStarted] = useState<string>();
  const [problem, setProblem] = useState<string>();
  if (isOpen(run.status)) return null;
  if (!mayOperate(session)) {
    return (
      <Section title="Run it again">
        <p class="hint">
          To run it again, sign in with a token that may operate:{' '}
          <code>runledger token create NAME --role operate</code>
        </p>
      </Section>
    );
  }
  if (started !== undefined) {
    return (
      <Section title="Run it again">
        <p role="status">
          Started as <RunName of={{ ...run, run_id: started }} whole />. It is shown there as soon as it tells of
          itself.
        </p>
      </Section>
    );
  }
  const plan = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const asked = { from: String(form.get('from')), params: String(form.get('params')), new_run_id: newRunId(run) };
    try {
      setPlanned({ asked, plan: await ledger.planReplay(replayOf(run, asked)) });
      setProblem(undefined);
    } catch (error) {
      setPlanned(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const indexes = [...new Set(steps.flatMap(({ step_index }) => step_index ?? []))].sort((a, b) => a - b);
  return (
    <Section title="Run it again">
      <form class="action" aria-label="Run it again" onSubmit={(event) => void plan(event)}>
        <label>
          From
          <select name="from">
            <option value="start">its start</option>
            {indexes.length > 0 && <option value="failed">the step that failed</option>}
            {indexes.map((index) => (
              <option key={index} value={String(index)}>
                step {index} {steps.find(({ step_index }) => step_index === index)?.step_name}
              </option>
            ))}
          </select>
        </label>
        <label class="grows">
          Parameters
          <input name="params" autocomplete="off" spellcheck={false} placeholder="workers=8 day=2026-11-03" />
        </label>
        <button type="submit">Show the plan</button>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </form>
      {planned !== undefined && <Plan plan={planned.plan} />}
      {planned !== undefined && planned.plan.problems.length === 0 && (
        <ActionForm
          session={session}
          verb="Start it"
          needsReason={false}
          act={async (who, why) => {
            const body = { ...replayOf(run, planned.asked), who, ...(why !== '' && { why }) };
            const { state, run_id } = await ledger.replay(body);
            if (state === 'not_started') throw new Error('its target did not start it: see what was decided, above');
            if (state === 'unclear')
              throw new Error('nobody knows whether its target started it: look there before you ask again');
            setStarted(run_id);
          }}
        />
      )}
    </Section>
  );
}

function Plan({ plan }: { readonly plan: ReplayPlan }) {
  const { run, steps } = plan;
  const skipped = steps.filter((step) => step.skipped !== undefined);
  return (
    <>
      <Facts
        facts={[
          ['Runs as', <Text key="as" of={run.run_id} />],
          ['Started by', plan.target === undefined ? 'nothing' : <Text key="by" of={plan.target} />],
          ['Slot', run.scheduled_for && <Both key="slot" at={run.scheduled_for} />],
          ['From', run.from_step === undefined ? 'its start' : `step ${run.from_step}`],
          ['Steps', steps.length === 0 ? null : `${counted(steps.length - skipped.length, 'step')} of ${steps.length}`],
          ['Skips', skipped.map(({ step_name }) => step_name).join(', ') || null],
          [
            'Parameters',
            Object.entries(run.params)
              .map((pair) => pair.join('='))
              .join(' ') || null,
          ],
          [
            'Data',
            plan.data_interval_start && (
              <>
                <Both at={plan.data_interval_start} /> to <Both at={plan.data_interval_end ?? null} />
              </>
            ),
          ],
          ['Running twice', plan.idempotent],
          ['Waits for it', plan.downstream.join(', ') || 'nothing in the file'],
        ]}
      />
      {[...plan.warnings.map((text) => ['careful', text]), ...plan.problems.map((text) => ['cannot start', text])].map(
        ([word, text]) => (
          <p key={text} class={word === 'careful' ? 'late' : 'bad'} role={word === 'careful' ? undefined : 'alert'}>
            <strong>{word}:</strong> <Text of={text ?? ''} />
          </p>
        ),
      )}
    </>
  );
}
