import { useMemo } from 'preact/hooks';
import { counted, countShown } from '../../../../core/format.ts';
import { instantIn, numberIn, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { PipelineName, Text } from '../../parts/name.tsx';
import { hasFailed } from '../../parts/run-facts.ts';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { Link } from '../../router/use-address.tsx';
import { pipelineKey } from '../pipelines/grid.ts';
import { Dataset } from '../run/run-sections.tsx';
import { DatasetSchema } from './dataset-schema.tsx';
import { LineageGraph } from './graph.tsx';
import { type Edge, placed, staleFrom } from './layout.ts';

const DIRECTIONS = [
  ['', 'both ways'],
  ['up', 'what it is made from'],
  ['down', 'what is made from it'],
] as const;
const DEPTHS = ['1', '2', '3', '5', '10'].map((depth) => [depth === '3' ? '' : depth, depth] as const);
const MOST_EDGES = 10_000;

/** What was made of what: all datasets, or the neighbourhood of one. */
export function LineageView({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const { dataset, direction, depth, path } = query;
  return (
    <>
      <header class="view-head">
        <h1>{dataset === undefined ? 'Lineage' : <Text of={dataset} />}</h1>
      </header>
      <form class="filters" aria-label="Lineage" onSubmit={(event) => event.preventDefault()}>
        {dataset === undefined ? (
          <Field name="path" label="Table or file" value={path} hint="*orders*" />
        ) : (
          <>
            <Choice name="direction" label="Direction" value={direction} options={DIRECTIONS} />
            <Choice name="depth" label="Pipelines away" value={depth} options={DEPTHS} />
            <Link to="/lineage">All tables</Link>
          </>
        )}
      </form>
      {dataset === undefined ? (
        <Datasets path={path} />
      ) : (
        <>
          <Neighbourhood {...{ dataset, direction, depth }} />
          <DatasetSchema dataset={dataset} />
        </>
      )}
    </>
  );
}

function Datasets({ path }: { readonly path: string | undefined }) {
  const data = useQuestion('datasets', { path, limit: 5_000 });
  return (
    <Loaded data={data} what="tables">
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={path === undefined ? 'No run told what it read or wrote' : 'No table matches'}>
            <p>
              Steps tell it with <code>input_sources</code> and <code>output_targets</code>; in Python{' '}
              <code>step.source(path)</code> and <code>step.target(path)</code>.
            </p>
          </Empty>
        ) : (
          <DataTable
            label="Tables"
            rows={rows}
            columns={[
              { head: 'Table or file', cell: (row) => <Dataset path={textIn(row, 'path')} /> },
              { head: 'Type', cell: (row) => <Text of={textIn(row, 'dataset_type')} /> },
              { head: 'Written by', isNumber: true, cell: (row) => countShown(numberIn(row, 'writers')) },
              { head: 'Read by', isNumber: true, cell: (row) => countShown(numberIn(row, 'readers')) },
              { head: 'Last written', isNumber: true, cell: (row) => <When at={instantIn(row, 'last_written_at')} /> },
            ]}
          />
        )
      }
    </Loaded>
  );
}

function Neighbourhood({
  dataset,
  direction,
  depth,
}: {
  readonly dataset: string;
  readonly direction: string | undefined;
  readonly depth: string | undefined;
}) {
  const data = useQuestion('lineage', {
    table: dataset,
    direction: direction ?? 'both',
    depth: depth ?? '3',
    since: '90d',
    limit: MOST_EDGES,
  });
  const pipelines = useQuestion('pipelines', { since: '90d' });
  const stuck = useMemo(
    () =>
      new Set(
        (pipelines.value ?? [])
          .filter((row) => hasFailed(textIn(row, 'last_status')))
          .map((row) => pipelineKey(textIn(row, 'environment'), textIn(row, 'process_name'))),
      ),
    [pipelines.value],
  );
  const edges = useMemo(
    () =>
      (data.value ?? []).map(
        (row): Edge => ({
          source: textIn(row, 'source_path') ?? '',
          target: textIn(row, 'target_path') ?? '',
          process_name: textIn(row, 'process_name') ?? '',
          environment: textIn(row, 'environment') ?? '',
        }),
      ),
    [data.value],
  );
  const graph = useMemo(() => placed(edges, dataset), [edges, dataset]);
  const isStuck = (edge: Edge): boolean => stuck.has(pipelineKey(edge.environment, edge.process_name));
  const stale = useMemo(() => staleFrom(edges, isStuck), [edges, stuck]);
  return (
    <Loaded data={data} what="the lineage">
      {() =>
        edges.length === 0 ? (
          <Empty title="Nothing is known of it in 90 days">
            <p>
              No run read or wrote exactly this path. <Link to="/lineage">Look at all tables</Link>.
            </p>
          </Empty>
        ) : (
          <>
            <p class="hint" role="status">
              {counted(graph.nodes.length, 'table')}, {counted(graph.edges.length, 'edge')}.
              {graph.left > 0 && ` ${countShown(graph.left)} farther ones are not drawn: look at fewer pipelines away.`}
              {stale.size > 0 &&
                ` ${countShown(stale.size)} may be stale: the last run of a pipeline before them failed.`}
            </p>
            <LineageGraph graph={graph} centre={dataset} stale={stale} isStuck={isStuck} />
            <Section title="Edges">
              <DataTable
                label="Edges"
                rows={data.value ?? []}
                columns={[
                  { head: 'From', cell: (row) => <Dataset path={textIn(row, 'source_path')} /> },
                  { head: 'To', cell: (row) => <Dataset path={textIn(row, 'target_path')} /> },
                  {
                    head: 'Made by',
                    cell: (row) => (
                      <PipelineName
                        of={{ environment: textIn(row, 'environment'), process_name: textIn(row, 'process_name') }}
                      />
                    ),
                  },
                  { head: 'Runs', isNumber: true, cell: (row) => countShown(numberIn(row, 'runs')) },
                  { head: 'Last', isNumber: true, cell: (row) => <When at={instantIn(row, 'last_written_at')} /> },
                ]}
              />
            </Section>
          </>
        )
      }
    </Loaded>
  );
}
