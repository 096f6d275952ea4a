import { ledger, type Session } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { ActionForm } from '../../parts/action-form.tsx';
import { mayOperate } from '../../parts/may.ts';
import { Environment, Text } from '../../parts/name.tsx';
import { Loaded } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { nowMs } from '../../time/clock.ts';

const HOURS = [1, 2, 4, 8, 24, 72, 168] as const;

/** For a time nobody is told of some pipelines: those that hold, and a new one. */
export function Silences({
  session,
  pattern = '',
  environment,
}: {
  readonly session: Session;
  readonly pattern?: string;
  readonly environment?: string;
}) {
  const data = useData('silences', (signal) => ledger.silences(signal), { on: ['incidents'] });
  const add = async (who: string, why: string, form: FormData): Promise<void> => {
    const from = nowMs();
    const wanted = String(form.get('environment') ?? '').trim();
    await ledger.silence({
      id: crypto.randomUUID().slice(0, 8),
      pattern: String(form.get('pattern') ?? '').trim(),
      ...(wanted !== '' && { environment: wanted }),
      from: new Date(from).toISOString(),
      until: new Date(from + Number(form.get('hours')) * 3_600_000).toISOString(),
      ...{ who, why },
    });
    data.reload();
  };
  return (
    <>
      <Loaded data={data} what="silences">
        {(silences) =>
          silences.length === 0 ? (
            <p class="hint">
              None holds. While one does, nobody is told of its pipelines; their incidents open all the same.
            </p>
          ) : (
            <ul class="silences">
              {silences.map((each) => (
                <li key={each.id}>
                  <code>
                    <Text of={each.pattern} />
                  </code>
                  <Environment of={each.environment ?? null} /> until <When at={each.until} />: <Text of={each.why} />{' '}
                  <small class="hint">
                    by <Text of={each.who} />
                  </small>{' '}
                  {mayOperate(session) && (
                    <button
                      type="button"
                      class="small"
                      onClick={() => void ledger.endSilence(each.id).then(data.reload)}
                    >
                      End it
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <ActionForm session={session} verb="Silence" act={add}>
        <label>
          Pipelines
          <input name="pattern" required defaultValue={pattern} placeholder="orders_*" />
        </label>
        <label>
          Environment
          <input name="environment" defaultValue={environment} placeholder="all" />
        </label>
        <label>
          For
          <select name="hours">
            {HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {hours < 24 ? `${hours} h` : `${hours / 24} d`}
              </option>
            ))}
          </select>
        </label>
      </ActionForm>
    </>
  );
}
