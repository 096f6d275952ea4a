import { countShown, durationShown } from '../../../../core/format.ts';
import { numberIn, type Row, textIn } from '../../http/rows.ts';
import { runIn } from '../../http/run-rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { bytesShown } from '../../parts/amounts.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PipelineName, RunName, Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import { Status } from '../../parts/status.tsx';
import { When } from '../../parts/when.tsx';
import { datasetHref, type RunRef } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { refQuery } from './run-query.ts';
import { toldBy } from './run-told.ts';

/** The checks of the data, the failed first. */
export function RunQuality({ of }: { readonly of: RunRef }) {
  const data = useQuestion('run-quality', refQuery(of));
  return (
    <Loaded data={data} what="its quality checks">
      {(rows) => {
        if (rows.length === 0) return null;
        const failed = rows.filter(({ success }) => success === false);
        const sorted = [...failed, ...rows.filter(({ success }) => success !== false)];
        return (
          <Section
            title={`Quality: ${failed.length === 0 ? 'all' : countShown(rows.length - failed.length)} of ${countShown(rows.length)} checks passed`}
          >
            <DataTable
              label="Quality checks"
              rows={sorted}
              columns={[
                { head: 'Result', cell: (row) => <Status status={row.success === false ? 'FAILED' : 'SUCCESS'} /> },
                { head: 'Check', cell: (row) => <Text of={textIn(row, 'check_name')} /> },
                { head: 'Dataset', cell: (row) => <Dataset path={textIn(row, 'dataset')} /> },
                { head: 'Severity', cell: (row) => <Text of={textIn(row, 'severity')} /> },
                { head: 'Expected', cell: (row) => <Text of={textIn(row, 'expected')} /> },
                { head: 'Got', cell: (row) => <Text of={textIn(row, 'actual')} /> },
                { head: 'Checked', isNumber: true, cell: (row) => countShown(numberIn(row, 'records_checked')) },
                { head: 'Failed', isNumber: true, cell: (row) => countShown(numberIn(row, 'records_failed')) },
              ]}
            />
          </Section>
        );
      }}
    </Loaded>
  );
}

export const Dataset = ({ path }: { readonly path: string | null }) =>
  path === null ? (
    <Text of={null} />
  ) : (
    <Link to={datasetHref(path)} title={path}>
      <Text of={path} />
    </Link>
  );

interface DatasetUse {
  readonly direction: 'reads' | 'writes';
  readonly step: string | null;
  readonly path: string;
  readonly type: string | null;
  readonly records: number | null;
  readonly bytes: number | null;
}

/** What it read and what it wrote, each with its records and bytes where told. */
export function RunDatasets({ of }: { readonly of: RunRef }) {
  const data = useQuestion('run-reads-writes', refQuery(of));
  return (
    <Loaded data={data} what="what it read and wrote">
      {(rows) => {
        const uses = usesIn(rows);
        return uses.length === 0 ? null : (
          <Section title="Reads and writes">
            <DataTable
              label="Reads and writes"
              rows={uses}
              columns={[
                { head: '', cell: ({ direction }) => direction },
                { head: 'Dataset', cell: ({ path }) => <Dataset path={path} /> },
                { head: 'Type', cell: ({ type }) => <Text of={type} /> },
                { head: 'Step', cell: ({ step }) => <Text of={step} /> },
                { head: 'Records', isNumber: true, cell: ({ records }) => countShown(records) },
                { head: 'Size', isNumber: true, cell: ({ bytes }) => bytesShown(bytes) },
              ]}
            />
          </Section>
        );
      }}
    </Loaded>
  );
}

/** One line for each dataset that a step names, as the last event that names it has it. */
function usesIn(rows: readonly Row[]): readonly DatasetUse[] {
  const uses = new Map<string, DatasetUse>();
  for (const row of rows) {
    for (const [direction, column] of [
      ['reads', 'read_datasets'],
      ['writes', 'written_datasets'],
    ] as const) {
      for (const dataset of listIn(row, column)) {
        const path = textIn(dataset, 'path');
        if (path === null) continue;
        const step = textIn(row, 'step_name');
        uses.set(`${direction}\n${step}\n${path}`, {
          ...{ direction, step, path, type: textIn(dataset, 'type') },
          ...{ records: numberIn(dataset, 'records'), bytes: numberIn(dataset, 'size_bytes') },
        });
      }
    }
  }
  return [...uses.values()];
}

function listIn(row: Row, name: string): readonly Row[] {
  try {
    const value: unknown = JSON.parse(textIn(row, name) ?? '[]');
    return Array.isArray(value) ? value.filter((each): each is Row => typeof each === 'object' && each !== null) : [];
  } catch {
    return [];
  }
}

/** Parameters, tags, metrics, and who reported all this. */
export function RunTold({ of }: { readonly of: RunRef }) {
  const data = useQuestion('run-events', { ...refQuery(of), errors: '', limit: 10_000 });
  const { value } = data;
  if (value === undefined) return null;
  const { params, tags, metrics, reporters, endMessage } = toldBy(value);
  const named = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, text]) => ({ name, value: text }));
  const columns = [
    { head: 'Name', cell: ({ name }: { readonly name: string }) => <Text of={name} /> },
    { head: 'Value', cell: ({ value: text }: { readonly value: string }) => <Text of={text.slice(0, 500)} /> },
  ];
  return (
    <>
      {endMessage !== null && (
        <Section title="End message">
          <p class="break">
            <Text of={endMessage.slice(0, 5_000)} />
          </p>
        </Section>
      )}
      <div class="beside">
        {Object.keys(params).length > 0 && (
          <Section title="Parameters">
            <DataTable label="Parameters" rows={named(params)} columns={columns} />
          </Section>
        )}
        {Object.keys(tags).length > 0 && (
          <Section title="Tags">
            <DataTable label="Tags" rows={named(tags)} columns={columns} />
          </Section>
        )}
        {metrics.length > 0 && (
          <Section title="Metrics">
            <DataTable
              label="Metrics"
              rows={metrics}
              columns={[
                { head: 'Name', cell: ({ name }) => <Text of={name} /> },
                { head: 'Step', cell: ({ step }) => <Text of={step} /> },
                { head: 'Value', isNumber: true, cell: ({ value: number }) => number.toLocaleString('en-US') },
              ]}
            />
          </Section>
        )}
        {reporters.length > 0 && (
          <Section title="Reported by">
            <DataTable
              label="Reported by"
              rows={reporters}
              columns={[
                { head: 'Who', cell: ({ name }) => <Text of={name} /> },
                { head: 'Events', isNumber: true, cell: ({ events }) => countShown(events) },
              ]}
            />
          </Section>
        )}
      </div>
    </>
  );
}

/** Its parents, its children, and other runs of its slot. */
export function RunRelatives({ of }: { readonly of: RunRef }) {
  const data = useQuestion('run-relatives', refQuery(of));
  const { value = [] } = data;
  return value.length === 0 ? null : (
    <Section title="Related runs">
      <DataTable
        label="Related runs"
        rows={value.map((row) => ({ relation: textIn(row, 'relation'), run: runIn(row) }))}
        columns={[
          { head: '', cell: ({ relation }) => relation },
          { head: 'Status', cell: ({ run }) => <Status status={run.status} /> },
          { head: 'Pipeline', cell: ({ run }) => <PipelineName of={run} /> },
          { head: 'Run', cell: ({ run }) => <RunName of={run} /> },
          { head: 'Started', isNumber: true, cell: ({ run }) => <When at={run.start_time} /> },
          { head: 'Took', isNumber: true, cell: ({ run }) => durationShown(run.duration_ms) },
        ]}
      />
    </Section>
  );
}
