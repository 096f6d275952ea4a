import { countShown } from '../../../../core/format.ts';
import { numberIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PipelineName, Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import type { Query } from '../../router/address.ts';

/** What runs cost, as far as prices are known: what is not known is said, never counted as nothing. */
export function Cost({ given }: { readonly given: Query }) {
  const data = useQuestion('cost', { ...given, by: 'pipeline' }, { on: [] });
  return (
    <Section title="Cost" aside={<span class="hint">The prices are yours, in prices.yaml.</span>}>
      <Loaded data={data} what="the cost">
        {(rows) =>
          rows.length === 0 ? (
            <p class="hint">No run began in this time.</p>
          ) : (
            <DataTable
              label="Cost by pipeline"
              rows={rows}
              columns={[
                {
                  head: 'Pipeline',
                  cell: (row) => (
                    <PipelineName
                      of={{ environment: textIn(row, 'environment'), process_name: textIn(row, 'process_name') }}
                    />
                  ),
                },
                { head: 'Cost', isNumber: true, cell: (row) => moneyShown(row, 'cost') },
                { head: 'Per run', isNumber: true, cell: (row) => moneyShown(row, 'cost_per_run') },
                { head: 'Runs', isNumber: true, cell: (row) => countShown(numberIn(row, 'runs')) },
                { head: 'Priced', isNumber: true, cell: (row) => countShown(numberIn(row, 'priced_runs')) },
                { head: 'Not known because', cell: (row) => <Text of={textIn(row, 'unknown_because') ?? ''} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function moneyShown(row: Row, name: string) {
  const amount = numberIn(row, name);
  if (amount === null) return <span class="unknown">not known</span>;
  const shown = amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: amount < 1 ? 4 : 2 });
  return `${shown} ${textIn(row, 'currency') ?? ''}`;
}
