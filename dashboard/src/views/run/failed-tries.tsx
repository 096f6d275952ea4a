import { meaningOf } from '../../../../core/schema/error-code.ts';
import { Text } from '../../parts/name.tsx';
import { When } from '../../parts/when.tsx';
import { LongText } from './run-error.tsx';
import type { Try } from './tries.ts';

/** What went wrong in each try, with its cause and its stack trace as they were written. */
export function FailedTries({ tries }: { readonly tries: readonly Try[] }) {
  return (
    <div class="failed-tries">
      {tries.slice(0, 50).map((each, at) => (
        <details
          key={`${each.run_attempt} ${each.step_name} ${each.map_index} ${each.attempt}`}
          open={at === 0 && each.stack_trace !== null}
        >
          <summary>
            <strong>
              {each.step_name === null ? 'the run' : <Text of={each.step_name} />}
              {each.map_index !== null && ` #${each.map_index}`}
            </strong>{' '}
            {(each.attempt ?? 1) > 1 && `try ${each.attempt} `}
            <When at={each.end_time ?? each.start_time} />{' '}
            <code class="bad">
              <Text of={each.error_code} />
            </code>{' '}
            <Text of={(each.error_message ?? '').slice(0, 300).split('\n')[0] ?? ''} />
          </summary>
          {each.error_message?.includes('\n') && <LongText text={each.error_message} />}
          {each.root_cause !== null && (
            <p>
              Root cause: <Text of={each.root_cause} />
            </p>
          )}
          {each.stack_trace !== null && <LongText text={each.stack_trace} />}
          {each.error_code !== null && <p class="hint">{meaningOf(each.error_code)?.advice}</p>}
        </details>
      ))}
      {tries.length > 50 && (
        <p class="hint">The latest 50 of {tries.length} are shown; the events below have them all.</p>
      )}
    </div>
  );
}
