import { useEffect, useState } from 'preact/hooks';
import { countShown } from '../../../../core/format.ts';
import { noteTrouble } from '../../app/title.ts';
import { ledger } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { RunTable } from '../../parts/run-table.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { useSecond } from '../../parts/when.tsx';
import { runsHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { dateAfter, dateIn, startOfDay } from '../../time/zone.ts';
import { useZone } from '../../time/zones.ts';
import { IncidentList } from '../incidents/incident-list.tsx';
import { SendHints } from '../send/send-hints.tsx';
import { type Day, dayOf, headline, troubleOf } from './day.ts';
import { DayLine } from './day-line.tsx';

/** As many as one answer holds. */
const MOST = 1_000;

interface DayData {
  readonly runs: Awaited<ReturnType<typeof ledger.runs>>;
  readonly open: Awaited<ReturnType<typeof ledger.runs>>;
  readonly incidents: Awaited<ReturnType<typeof ledger.incidents>>;
  readonly slots: Awaited<ReturnType<typeof ledger.expected>>;
  readonly hasAny: boolean;
}

/** What is wrong first, then what happened today. */
export function TodayView() {
  const zone = useZone();
  const now = useSecond(10_000);
  const date = dateIn(now, zone);
  const fromMs = startOfDay(date, zone);
  const untilMs = startOfDay(dateAfter(date, 1), zone);
  const [from, until] = [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()];

  const data = useData<DayData>(
    `today ${from}`,
    async (signal) => {
      const [runs, open, incidents, slots, latest] = await Promise.all([
        ledger.runs({ since: from, limit: MOST }, signal),
        ledger.runs({ open: 'true', limit: MOST }, signal),
        ledger.incidents({ open: 'true', limit: 200 }, signal),
        ledger.expected(from, until, signal),
        ledger.runs({ limit: 1 }, signal),
      ]);
      return { runs, open, incidents, slots, hasAny: latest.length > 0 };
    },
    { on: ['runs', 'incidents'], everyMs: 1_000 },
  );

  return (
    <Loaded data={data} what="today">
      {({ runs, open, incidents, slots, hasAny }) => {
        const day = dayOf(runs, open, incidents, slots, now);
        return hasAny || slots.length > 0 ? (
          <Today
            day={day}
            isCut={runs.length === MOST}
            now={now}
            fromMs={fromMs}
            untilMs={untilMs}
            slots={slots}
            date={date}
            zone={zone}
          />
        ) : (
          <Empty isView title="No runs yet">
            <p>The first event that you send makes one. It shows here within a second.</p>
            <SendHints />
          </Empty>
        );
      }}
    </Loaded>
  );
}

function Today({
  day,
  isCut,
  now,
  fromMs,
  untilMs,
  slots,
  date,
  zone,
}: {
  readonly day: Day;
  readonly isCut: boolean;
  readonly now: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly slots: DayData['slots'];
  readonly date: string;
  readonly zone: string;
}) {
  const trouble = troubleOf(day);
  useEffect(() => noteTrouble(trouble), [trouble]);
  const wrong = [...day.late, ...day.lost, ...day.failed].sort((a, b) =>
    (b.end_time ?? b.last_event_at ?? '').localeCompare(a.end_time ?? a.last_event_at ?? ''),
  );
  const [isAll, setAll] = useState(false);
  const shown = isAll ? wrong : wrong.slice(0, 12);
  return (
    <>
      <header class="view-head">
        <h1>{headline(day)}</h1>
        <p class="hint">
          {date}, {zone}. {isCut && `Of today’s runs the latest ${countShown(MOST)} are counted.`}
        </p>
      </header>
      <Counts day={day} from={new Date(fromMs).toISOString()} />
      {day.incidents.length > 0 && (
        <Section title="Open incidents" aside={<Link to="/incidents">All incidents</Link>}>
          <IncidentList incidents={day.incidents} />
        </Section>
      )}
      {wrong.length > 0 && (
        <Section title="Failed, lost and late">
          <RunTable runs={shown} label="Runs that failed, were lost or are late" />
          {wrong.length > shown.length && (
            <button type="button" class="small" onClick={() => setAll(true)}>
              Show all {wrong.length}
            </button>
          )}
        </Section>
      )}
      <Section title="The day">
        <DayLine runs={day.runs} slots={slots} fromMs={fromMs} untilMs={untilMs} now={now} zone={zone} />
      </Section>
    </>
  );
}

function Counts({ day, from }: { readonly day: Day; readonly from: string }) {
  const cards = [
    {
      word: 'Failed',
      count: day.failed.length,
      tone: 'bad',
      to: runsHref({ status: 'FAILED,TIMED_OUT', since: from }),
    },
    { word: 'Did not start', count: day.missed.length, tone: 'bad', to: '/incidents' },
    { word: 'Lost', count: day.lost.length, tone: 'bad', to: runsHref({ status: 'LOST' }) },
    { word: 'Late', count: day.late.length, tone: 'doubtful', to: runsHref({ late: 'yes' }) },
    { word: 'Running', count: day.running.length, tone: 'live', to: runsHref({ open: 'yes' }) },
    { word: 'Succeeded', count: day.succeeded.length, tone: 'good', to: runsHref({ status: 'SUCCESS', since: from }) },
  ];
  return (
    <ul class="counts">
      {cards.map(({ word, count, tone, to }) => (
        <li key={word} class={count === 0 ? 'quiet' : tone}>
          <Link to={to}>
            <strong>{countShown(count)}</strong> {word}
          </Link>
        </li>
      ))}
    </ul>
  );
}
