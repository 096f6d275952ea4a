import type { Row } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import type { Query } from '../../router/address.ts';
import { cellText } from '../ask/answer.ts';

/** What runs cost, as far as prices are known. */
export function Cost({ given }: { readonly given: Query }) {
  const data = useQuestion('cost', given, { on: [] });
  // A ledger of a version without prices knows no such question.
  if (data.error !== undefined && /no question named/.test(data.error.message)) return null;
  return (
    <Section title="Cost">
      <Loaded data={data} what="the cost">
        {(rows) =>
          rows.length === 0 ? (
            <p class="hint">
              No cost is known: write what nodes and hours cost into <code>prices.yaml</code>.
            </p>
          ) : (
            <DataTable
              label="Cost"
              rows={rows}
              columns={Object.keys(rows[0] ?? {}).map((name) => ({
                head: name.replaceAll('_', ' '),
                isNumber: rows.some((row) => typeof row[name] === 'number'),
                cell: (row: Row) => (row[name] === null ? <span class="unknown">not known</span> : cellText(row[name])),
              }))}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
