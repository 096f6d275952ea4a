import { ledger, type Session } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { ActionForm } from '../../parts/action-form.tsx';
import { bytesShown } from '../../parts/amounts.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { mayOperate } from '../../parts/may.ts';
import { Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';

/** Files that could not be taken in. */
export function Parked({ session }: { readonly session: Session }) {
  const data = useData('parked', (signal) => ledger.parked(signal), { on: ['runs'], everyMs: 10_000 });
  return (
    <Section title="Parked files">
      <Loaded data={data} what="the parked files">
        {(parked) =>
          parked.length === 0 ? (
            <p class="hint">None: every file that landed is in the tables, or on its way.</p>
          ) : (
            <>
              <DataTable
                label="Parked files"
                rows={parked}
                columns={[
                  { head: 'File', cell: ({ object }) => <code>{object}</code> },
                  { head: 'Size', isNumber: true, cell: ({ size_bytes }) => bytesShown(size_bytes) },
                  { head: 'Why', cell: ({ why }) => <Text of={why} /> },
                  {
                    head: '',
                    cell: ({ object }) =>
                      mayOperate(session) && (
                        <button
                          type="button"
                          class="small"
                          onClick={() => void ledger.retry([object]).then(data.reload)}
                        >
                          Take in again
                        </button>
                      ),
                  },
                ]}
              />
              <ActionForm
                session={session}
                verb="Do without them"
                act={async (who, why) => {
                  const objects = parked.slice(0, 1_000).map(({ object }) => object);
                  await ledger.forget({ objects, reason: why, who });
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
