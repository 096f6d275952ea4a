import { instantIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PipelineName, Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';

/** The fields of a dataset as runs told them, and what changed about them. Nothing where no run tells. */
export function DatasetSchema({ dataset }: { readonly dataset: string }) {
  const fields = useQuestion('schema', { dataset, limit: 5_000 });
  const changes = useQuestion('schema-changes', { dataset, limit: 200 });
  return (
    <>
      <Section title="Fields">
        <Loaded data={fields} what="its fields">
          {(rows) =>
            rows.length === 0 ? (
              <p class="hint">
                No run told its fields. In Python <code>step.target(path, schema=frame)</code> does.
              </p>
            ) : (
              <DataTable
                label="Fields"
                rows={rows}
                columns={[
                  { head: 'Field', cell: (row) => <Text of={textIn(row, 'field')} /> },
                  { head: 'Type', cell: (row) => <Text of={textIn(row, 'field_type')} /> },
                  { head: 'Told by', cell: (row) => <PipelineName of={pipelineIn(row)} /> },
                  { head: 'Told', isNumber: true, cell: (row) => <When at={instantIn(row, 'told_at')} /> },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      {changes.value !== undefined && changes.value.length > 0 && (
        <Section title="Changes of fields">
          <DataTable
            label="Changes of fields"
            rows={changes.value}
            columns={[
              { head: 'When', cell: (row) => <When at={instantIn(row, 'changed_at')} /> },
              { head: 'Field', cell: (row) => <Text of={textIn(row, 'field')} /> },
              { head: 'Change', cell: (row) => textIn(row, 'change') },
              { head: 'Before', cell: (row) => <Text of={textIn(row, 'type_before')} /> },
              { head: 'After', cell: (row) => <Text of={textIn(row, 'type_after')} /> },
              { head: 'Pipeline', cell: (row) => <PipelineName of={pipelineIn(row)} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

const pipelineIn = (row: Row) => ({
  environment: textIn(row, 'environment'),
  process_name: textIn(row, 'process_name'),
});
