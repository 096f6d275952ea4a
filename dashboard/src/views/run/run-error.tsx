import { useState } from 'preact/hooks';
import { meaningOf } from '../../../../core/schema/error-code.ts';
import type { ShownRun } from '../../http/ledger.ts';
import { Copy } from '../../parts/copy.tsx';
import { Text } from '../../parts/name.tsx';
import type { Try } from './tries.ts';

/** What went wrong, what kind of trouble it is, and what to do. */
export function RunError({ run, root }: { readonly run: ShownRun; readonly root: Try | undefined }) {
  if (run.error_code === null && run.error_message === null) return null;
  // A run often says no more than that it gave up; the step that failed first says why.
  if (run.error_code === null && root !== undefined && root.error_code !== null)
    return <RunError run={{ ...run, ...errorOf(root) }} root={undefined} />;
  const meaning = run.error_code === null ? undefined : meaningOf(run.error_code);
  const helps = run.error_retryable ?? meaning?.retryable ?? null;
  return (
    <section class="run-error" aria-label="Error">
      <p>
        <strong>
          {run.error_code !== null && <Text of={run.error_code} />} {meaning?.name}
        </strong>{' '}
        {meaning !== undefined && <span>{meaning.class.replace('_', ' ')} error</span>}
        {run.error_step !== null && (
          <>
            {' '}
            in step <Text of={run.error_step} />
          </>
        )}
        {helps !== null && <span>; trying again {helps ? 'may help' : 'will not help'}</span>}
      </p>
      {run.error_message !== null && <LongText text={run.error_message} />}
      {meaning !== undefined && <p class="advice">{meaning.advice}</p>}
    </section>
  );
}

const errorOf = ({ error_code, error_message, step_name }: Try) => ({
  ...{ error_code, error_message, error_step: step_name, error_retryable: null },
});

/** A message may be five megabytes: a browser draws of it what a person reads. */
const FIRST = 4_000;

export function LongText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <div class="long-text">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>
        <bdi>{text.slice(0, shown)}</bdi>
      </pre>
      <div>
        {text.length > shown && (
          <button type="button" class="small" onClick={() => setShown((before) => before * 10)}>
            Show more ({Math.round((100 * shown) / text.length)} % of {text.length.toLocaleString('en-US')} characters
            shown)
          </button>
        )}
        <Copy text={text} label="Copy all" />
      </div>
    </div>
  );
}
