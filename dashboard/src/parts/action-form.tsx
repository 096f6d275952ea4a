import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Session } from '../http/ledger.ts';
import { mayOperate, rememberWho, whoDecides } from './may.ts';

/** Asks who decides, and why, before something is done. What went wrong stands beside the button. */
export function ActionForm({
  session,
  verb,
  needsReason = true,
  children,
  act,
}: {
  readonly session: Session;
  /** What the button does: `Resolve`. */
  readonly verb: string;
  readonly needsReason?: boolean;
  readonly children?: ComponentChildren;
  readonly act: (who: string, why: string, form: FormData) => Promise<unknown>;
}) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  if (!mayOperate(session)) {
    return (
      <p class="hint">
        To {verb.toLowerCase()}, sign in with a token that may operate:{' '}
        <code>runledger token create NAME --role operate</code>
      </p>
    );
  }
  const named = session.caller?.name ?? null;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const [who, why] = [String(form.get('who') ?? named ?? '').trim(), String(form.get('why') ?? '').trim()];
    if (who === '') return setProblem('expected who you are, but got nothing');
    if (needsReason && why === '') return setProblem('expected a reason, but got nothing');
    setBusy(true);
    try {
      if (named === null) rememberWho(who);
      await act(who, why, form);
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="action" aria-label={verb} onSubmit={(event) => void submit(event)}>
      {named === null && (
        <label>
          Who
          <input name="who" defaultValue={whoDecides(session)} autocomplete="name" placeholder="you" />
        </label>
      )}
      {children}
      <label class="grows">
        Why{!needsReason && ' (if you like)'}
        <input name="why" autocomplete="off" placeholder="for who looks later" />
      </label>
      <button type="submit" disabled={isBusy}>
        {verb}
      </button>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
