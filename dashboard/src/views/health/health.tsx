import { countShown } from '../../../../core/format.ts';
import { deployed } from '../../http/deployed.ts';
import { ledger, type Session, type Summary } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { Facts } from '../../parts/facts.tsx';
import { limitedTo } from '../../parts/may.ts';
import { Text } from '../../parts/name.tsx';
import { Empty, Loaded } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { clockAheadMs } from '../../time/clock.ts';
import { Parked } from './parked.tsx';
import { Rejections } from './rejections.tsx';

/** How the ledger itself is: what waits, what it could not take in, and what to do about it. */
export function HealthView({ session }: { readonly session: Session }) {
  const limits = limitedTo(session);
  if (limits === undefined) return <WholeLedger session={session} />;
  return (
    <Empty isView title="The ledger">
      <p>
        Your token is limited to <bdi>{limits}</bdi>. What the ledger holds, what it could not take in and what it waits
        for is of all pipelines: it needs a token without limits. <a href="/health">/health</a> says whether it works.
      </p>
    </Empty>
  );
}

function WholeLedger({ session }: { readonly session: Session }) {
  const where = deployed()?.where;
  const data = useData('summary', (signal) => ledger.summary(signal), { on: ['runs'], everyMs: 2_000 });
  return (
    <>
      <Loaded data={data} what="the ledger">
        {(summary) => (
          <>
            <header class="view-head">
              <h1>
                {where !== undefined
                  ? `The ${where}`
                  : summary.troubles.length === 0
                    ? 'The ledger is well'
                    : `The ledger has ${summary.troubles.length === 1 ? 'a trouble' : `${summary.troubles.length} troubles`}`}
              </h1>
              <p class="hint">
                Version {summary.version}, files in <code class="break">{summary.data_dir}</code>
                {where !== undefined &&
                  '. Whether its links are well, `runledger --aws doctor` says; its alarms tell when one is not'}
              </p>
            </header>
            {summary.troubles.map(({ part, cause, since }) => (
              <p class="failure" role="alert" key={part}>
                <strong>{part}:</strong> <Text of={cause} />, since <When at={since} />. It is tried again by itself;
                nothing that was acknowledged is lost.
              </p>
            ))}
            <Facts facts={factsOf(summary)} />
          </>
        )}
      </Loaded>
      <Rejections session={session} />
      <Parked session={session} />
    </>
  );
}

function factsOf({
  runs,
  open_runs,
  lost_runs,
  objects,
  lines,
  due_days,
}: Summary): Parameters<typeof Facts>[0]['facts'] {
  const waiting = objects.recorded - objects.summarized - objects.parked - objects.forgotten;
  const ahead = Math.round(clockAheadMs() / 1000);
  return [
    ['Runs', countShown(runs)],
    ['Running now', countShown(open_runs)],
    ['Lost', countShown(lost_runs)],
    ['Events in the tables', countShown(lines.inserted)],
    ['Sent twice', countShown(lines.duplicates)],
    ['Unreadable', countShown(lines.unreadable + lines.unaccepted)],
    ['Files waiting for the tables', countShown(Math.max(0, waiting))],
    ['Days to be counted again', countShown(due_days)],
    [
      'Clock of the ledger',
      ahead === 0
        ? 'agrees with this browser’s'
        : `${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} this browser’s`,
    ],
  ];
}
