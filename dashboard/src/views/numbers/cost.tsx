import { ledger } from '../../http/ledger.ts';
import type { Row } from '../../http/rows.ts';
import { useData } from '../../http/use-data.ts';
import { useQuestion } from '../../http/use-question.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import type { Query } from '../../router/address.ts';
import { cellText } from '../ask/answer.ts';

/** What runs cost, as far as prices are known. A ledger of a version without prices knows no such question. */
export function Cost({ given }: { readonly given: Query }) {
  const questions = useData('questions', (signal) => ledger.questions(signal));
  return questions.value?.some(({ name }) => name === 'cost') ? <KnownCost given={given} /> : null;
}

function KnownCost({ given }: { readonly given: Query }) {
  const data = useQuestion('cost', given, { on: [] });
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
