import { useEffect, useRef } from 'preact/hooks';
import { countShown } from '../../../../core/format.ts';
import { deployed } from '../../http/deployed.ts';
import { RunTable } from '../../parts/run-table.tsx';
import { Empty, Failure, Loaded } from '../../parts/state.tsx';
import { hrefOf } from '../../router/address.ts';
import { Link } from '../../router/use-address.tsx';
import type { FilterQuery } from './filter.ts';
import { asksHistory, MOST_LIVE, useLiveRuns } from './live-runs.ts';
import { RunFilters } from './run-filters.tsx';
import { useRuns } from './use-runs.ts';

/** Runs, filtered as the address says. */
export function RunsView({ query: { history, ...query } }: { readonly query: Readonly<Record<string, string>> }) {
  const isLive = deployed() !== undefined && history !== 'yes' && !asksHistory(query);
  return (
    <>
      <header class="view-head">
        <h1>Runs</h1>
      </header>
      <RunFilters filter={query} />
      {isLive ? <LiveRuns query={query} /> : <AllRuns query={query} />}
    </>
  );
}

/** Of a deployed ledger: the latest runs, as they are now. */
function LiveRuns({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const data = useLiveRuns(query);
  return (
    <Loaded data={data} what="runs">
      {({ runs, isCut }) => (
        <>
          <p class="hint" role="status">
            {countShown(runs.length)} of the latest {isCut ? countShown(MOST_LIVE) : ''} runs, as they are now.{' '}
            <Link to={hrefOf(['runs'], { ...query, history: 'yes' })}>Search all of history</Link>, with Athena.
          </p>
          {runs.length === 0 ? (
            <NoRuns hasFilter={Object.keys(query).length > 0} />
          ) : (
            <RunTable runs={runs} label="Runs" />
          )}
        </>
      )}
    </Loaded>
  );
}

/** Every run. More of them come as a reader scrolls. */
function AllRuns({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const filter: FilterQuery = query;
  const { first, runs, more, error } = useRuns(filter);
  const end = useRef<HTMLDivElement>(null);
  const load = useRef(more);
  load.current = more;
  useEffect(() => {
    if (end.current === null) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current?.(), {
      rootMargin: '1200px',
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [runs.length]);
  return (
    <Loaded data={first} what="runs">
      {() =>
        runs.length === 0 ? (
          <NoRuns hasFilter={Object.keys(query).length > 0} />
        ) : (
          <>
            <p class="hint" role="status">
              {countShown(runs.length)} {runs.length === 1 ? 'run' : 'runs'}
              {more !== undefined && ', and more below'}
            </p>
            <RunTable runs={runs} label="Runs" />
            <div ref={end} />
            {error !== undefined && <Failure error={error} what="more runs" {...(more && { again: more })} />}
          </>
        )
      }
    </Loaded>
  );
}

function NoRuns({ hasFilter }: { readonly hasFilter: boolean }) {
  return hasFilter ? (
    <Empty title="No run matches">
      <p>
        Take a filter away, or <Link to="/runs">look at all runs</Link>.
      </p>
    </Empty>
  ) : (
    <Empty title="No runs yet">
      <p>
        The first event that you send makes one: <Link to="/send">how to send</Link>.
      </p>
    </Empty>
  );
}
