import { countShown } from '../../../../core/format.ts';
import { ledger, type ShownRun } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { RunTable } from '../../parts/run-table.tsx';
import { Empty, Loaded } from '../../parts/state.tsx';
import { nowMs } from '../../time/clock.ts';
import { type FilterQuery, runsMatching } from './filter.ts';
import { RunFilters } from './run-filters.tsx';

const MOST = 1_000;

/** Runs, filtered as the address says. */
export function RunsView({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const filter: FilterQuery = query;
  const { pipeline, environment, open, since } = filter;
  const data = useData<readonly ShownRun[]>(
    `runs ${JSON.stringify(filter)}`,
    (signal) =>
      ledger.runs(
        {
          limit: MOST,
          ...(pipeline && !pipeline.includes('*') && { process_name: pipeline }),
          ...(environment && { environment }),
          ...(open && { open }),
          ...(since && { since }),
        },
        signal,
      ),
    { on: ['runs'], everyMs: 1_000 },
  );
  return (
    <>
      <header class="view-head">
        <h1>Runs</h1>
      </header>
      <RunFilters filter={filter} />
      <Loaded data={data} what="runs">
        {(runs) => {
          const shown = runsMatching(runs, filter, nowMs());
          if (shown.length === 0) return <NoRuns hasFilter={Object.keys(query).length > 0} />;
          return (
            <>
              <p class="hint" role="status">
                {countShown(shown.length)} {shown.length === 1 ? 'run' : 'runs'}
                {runs.length === MOST && `, of the latest ${countShown(MOST)}`}
              </p>
              <RunTable runs={shown} label="Runs" />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function NoRuns({ hasFilter }: { readonly hasFilter: boolean }) {
  return hasFilter ? (
    <Empty title="No run matches">
      <p>
        Take a filter away, or <a href="/runs">look at all runs</a>.
      </p>
    </Empty>
  ) : (
    <Empty title="No runs yet">
      <p>
        The first event that you send makes one: <a href="/send">how to send</a>.
      </p>
    </Empty>
  );
}
