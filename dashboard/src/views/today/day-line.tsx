import { useState } from 'preact/hooks';
import { durationShown } from '../../../../core/format.ts';
import type { ShownRun, Slot } from '../../http/ledger.ts';
import { Environment, Text } from '../../parts/name.tsx';
import { startOf, tookMs } from '../../parts/run-facts.ts';
import { toneOfShown, wordOf } from '../../parts/status.tsx';
import { pipelineHref, runHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { wallOf } from '../../time/zone.ts';
import { lanesOf } from './day.ts';

const FEW_LANES = 25;
/** Of one lane: more bars than these overlap each other anyway. */
const MOST_BARS = 120;
const HOUR_MS = 3_600_000;

interface DayLineProps {
  readonly runs: readonly ShownRun[];
  readonly slots: readonly Slot[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly now: number;
  readonly zone: string;
}

/** Runs and expected starts of a day on one line of time, a lane for each pipeline, the troubled first. */
export function DayLine({ runs, slots, fromMs, untilMs, now, zone }: DayLineProps) {
  const [isAll, setAll] = useState(false);
  const lanes = lanesOf(runs, slots, now);
  const shown = isAll ? lanes : lanes.slice(0, FEW_LANES);
  const placeOf = (ms: number): number =>
    (100 * (Math.min(Math.max(ms, fromMs), untilMs) - fromMs)) / (untilMs - fromMs);
  if (lanes.length === 0) return <p class="hint">Nothing ran and nothing is expected today.</p>;
  return (
    <>
      <div class="day-line">
        <div class="axis" aria-hidden="true">
          <span />
          <div>
            {hoursOf(fromMs, untilMs).map((ms) => (
              <span key={ms} style={{ left: `${placeOf(ms)}%` }}>
                {wallOf(ms, zone).slice(11, 13)}
              </span>
            ))}
            <i class="now" style={{ left: `${placeOf(now)}%` }} />
          </div>
        </div>
        <ul>
          {shown.map((lane) => (
            <li key={`${lane.environment}\n${lane.process_name}`}>
              <Link to={pipelineHref(lane)} class="pipeline" title={lane.process_name}>
                <Text of={lane.process_name} /> <Environment of={lane.environment} />
              </Link>
              <div class="lane">
                {lane.slots.map((slot) => (
                  <SlotMark key={slot.slot} slot={slot} left={placeOf(Date.parse(slot.slot))} />
                ))}
                {lane.runs.slice(0, MOST_BARS).map((run) => (
                  <Bar key={run.run_id} run={run} now={now} zone={zone} placeOf={placeOf} />
                ))}
                <i class="now" style={{ left: `${placeOf(now)}%` }} />
              </div>
            </li>
          ))}
        </ul>
      </div>
      {lanes.length > shown.length && (
        <button type="button" class="small" onClick={() => setAll(true)}>
          Show all {lanes.length} pipelines
        </button>
      )}
      <p class="legend hint">
        A bar is a run, a diamond an expected start: <span class="mark good" /> came, <span class="mark bad" /> missed
        or failed, <span class="mark quiet" /> still to come.
      </p>
    </>
  );
}

/** Every third hour of the day. */
function hoursOf(fromMs: number, untilMs: number): readonly number[] {
  const hours: number[] = [];
  for (let ms = fromMs; ms < untilMs; ms += 3 * HOUR_MS) hours.push(ms);
  return hours;
}

function Bar({
  run,
  now,
  zone,
  placeOf,
}: {
  readonly run: ShownRun;
  readonly now: number;
  readonly zone: string;
  readonly placeOf: (ms: number) => number;
}) {
  const start = startOf(run);
  if (start === null) return null;
  const startMs = Date.parse(start);
  const took = tookMs(run, now);
  const left = placeOf(startMs);
  const width = Math.max(0, placeOf(startMs + (took ?? 0)) - left);
  const says = `${wordOf(run.status)}: ${wallOf(startMs, zone).slice(11)}, ${durationShown(took)}`;
  return (
    <Link
      to={runHref(run)}
      class={`bar ${toneOfShown(run.status)}`}
      style={{ left: `${left}%`, width: `${width}%` }}
      title={`${says}\n${run.run_id}${run.error_message === null ? '' : `\n${run.error_message.slice(0, 200)}`}`}
      aria-label={says}
    >
      {''}
    </Link>
  );
}

function SlotMark({ slot, left }: { readonly slot: Slot; readonly left: number }) {
  const tone =
    slot.state === 'missed' || slot.state === 'failed'
      ? 'bad'
      : slot.state === 'good'
        ? 'good'
        : slot.state === 'running'
          ? 'live'
          : 'quiet';
  const says = `expected ${slot.local_time.slice(11)} ${slot.timezone}: ${slot.state}${slot.reasons.length > 0 ? ` (${slot.reasons.join(', ')})` : ''}`;
  return <span class={`slot ${tone}`} style={{ left: `${left}%` }} title={says} role="img" aria-label={says} />;
}
