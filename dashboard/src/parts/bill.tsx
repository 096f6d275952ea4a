import { countShown } from '../../../core/format.ts';
import { useShown } from '../http/billed.ts';
import { agree, deployed, dollarsFor, dollarsShown, lastCost } from '../http/deployed.ts';
import { bytesShown } from './amounts.ts';
import { When } from './when.tsx';

/** What the questions of a view cost, before they are asked and after. Nothing where questions cost nothing. */
export function Bill() {
  const shown = useShown();
  const billing = deployed()?.billing;
  if (billing === undefined || shown.length === 0) return null;
  const waiting = shown.filter(({ isWaiting }) => isWaiting);
  if (waiting.length > 0) {
    const known = waiting.flatMap(({ name }) => lastCost(name) ?? []);
    const isKnown = known.length === waiting.length;
    const { most_bytes } = billing;
    return (
      <div class="bill" role="status">
        <p>
          <strong>
            {waiting.length === 1 ? 'A part' : `${countShown(waiting.length)} parts`} of this view{' '}
            {waiting.length === 1 ? 'is' : 'are'} history, which Athena reads.
          </strong>{' '}
          {isKnown &&
            `Last time ${waiting.length === 1 ? 'it' : 'they'} read ${bytesShown(sum(known))}, ${dollarsShown(sum(known.map((each) => dollarsFor(each, billing))))}. `}
          It costs ${billing.dollars_per_terabyte} for each terabyte that is read, and{' '}
          {dollarsShown(waiting.length * dollarsFor(1, billing))} at least
          {most_bytes !== null &&
            `; a question that would read more than ${bytesShown(most_bytes)} (${dollarsShown(dollarsFor(most_bytes, billing))}) is stopped`}
          .
        </p>
        <button type="button" class="main" onClick={() => agree()}>
          Ask Athena
        </button>
      </div>
    );
  }
  const answered = shown.filter(({ scanned_bytes }) => scanned_bytes !== undefined);
  if (answered.length === 0) return null;
  const bytes = answered.map(({ scanned_bytes }) => scanned_bytes ?? 0);
  const oldest = answered.map(({ as_of }) => as_of ?? '').sort()[0] ?? null;
  return (
    <div class="bill" role="status">
      <p>
        History as of <When at={oldest} />: Athena read {bytesShown(sum(bytes))} for it,{' '}
        {dollarsShown(sum(bytes.map((each) => dollarsFor(each, billing))))}. It is kept while this tab is open.
      </p>
      <button
        type="button"
        class="small"
        onClick={() => {
          for (const { again } of answered) again();
        }}
      >
        Ask anew
      </button>
    </div>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
