import { useState } from 'preact/hooks';
import { countShown } from '../../../../core/format.ts';
import { ledger, type Session } from '../../http/ledger.ts';
import { instantIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { ActionForm } from '../../parts/action-form.tsx';
import { mayOperate } from '../../parts/may.ts';
import { Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';

const MOST = 200;

/** Lines that could not be accepted: why, and what to do with them. */
export function Rejections({ session }: { readonly session: Session }) {
  const data = useQuestion('rejected-lines', { limit: MOST }, { everyMs: 5_000 });
  return (
    <Section title="Rejected lines">
      <Loaded data={data} what="the rejected lines">
        {(rows) =>
          rows.length === 0 ? (
            <p class="hint">None is open.</p>
          ) : (
            <>
              <p class="hint">
                {rows.length === MOST ? `The latest ${MOST}.` : `${countShown(rows.length)}.`} Fix what sends them, then
                send these again, or dismiss them: a dismissed line is kept.
              </p>
              <ul class="rejections">
                {rows.map((row) => (
                  <Rejection key={textIn(row, 'rejection_key')} row={row} session={session} reload={data.reload} />
                ))}
              </ul>
              <ActionForm
                session={session}
                verb={`Dismiss all ${rows.length} shown`}
                act={async (who, why) => {
                  await ledger.dismiss({ keys: [...keysOf(rows)], reason: why, who });
                  data.reload();
                }}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const keysOf = (rows: readonly Row[]): readonly string[] => rows.flatMap((row) => textIn(row, 'rejection_key') ?? []);

function Rejection({
  row,
  session,
  reload,
}: {
  readonly row: Row;
  readonly session: Session;
  readonly reload: () => void;
}) {
  const [key = '', payload = ''] = [textIn(row, 'rejection_key') ?? '', textIn(row, 'payload') ?? ''];
  const [line, setLine] = useState(payload);
  const [said, setSaid] = useState<string>();
  const resend = async (): Promise<void> => {
    try {
      const { accepted, reasons } = await ledger.resend(`${JSON.stringify({ runledger_resend: key, line })}\n`);
      setSaid(
        accepted === 1 ? 'Accepted.' : `Rejected again: ${reasons?.[0]?.explanation ?? 'the ledger does not say why'}`,
      );
      if (accepted === 1) reload();
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <li>
      <details>
        <summary>
          <When at={instantIn(row, 'received_at')} /> <code>{textIn(row, 'kind')}</code>{' '}
          <Text of={textIn(row, 'explanation')} />
        </summary>
        <label>
          The line, masked
          <textarea rows={4} spellcheck={false} value={line} onInput={(event) => setLine(event.currentTarget.value)} />
        </label>
        {mayOperate(session) && (
          <button type="button" onClick={() => void resend()}>
            Send it again
          </button>
        )}
        {said !== undefined && <p role="status">{said}</p>}
        <ActionForm
          session={session}
          verb="Dismiss"
          act={async (who, why) => {
            await ledger.dismiss({ keys: [key], reason: why, who });
            reload();
          }}
        />
      </details>
    </li>
  );
}
