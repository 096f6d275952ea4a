import { useRef, useState } from 'preact/hooks';
import { countShown } from '../../../../core/format.ts';
import { instantIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { Copy } from '../../parts/copy.tsx';
import { Text } from '../../parts/name.tsx';
import { Loaded, Section } from '../../parts/state.tsx';
import { Sign, wordOf } from '../../parts/status.tsx';
import { Gap, useVirtualRows } from '../../parts/virtual-rows.tsx';
import { When } from '../../parts/when.tsx';
import type { RunRef } from '../../router/links.ts';
import { goWith, useAddress } from '../../router/use-address.tsx';
import { refQuery } from './run-query.ts';

const MOST = 10_000;
const ROW_HEIGHT = 27;

const KINDS = [
  ['', 'All'],
  ['errors', 'Errors'],
  ['messages', 'Messages'],
] as const;

/** The events of a run, as a log: what was said, by whom, when. One of them is shown whole. */
export function RunEvents({ of }: { readonly of: RunRef }) {
  const { query } = useAddress();
  const kind = query.events ?? '';
  const data = useQuestion('run-events', { ...refQuery(of), errors: kind === 'errors' ? 'yes' : '', limit: MOST });
  return (
    <Section
      title="Events"
      aside={
        <fieldset class="tabs" aria-label="Which events">
          {KINDS.map(([value, word]) => (
            <button
              key={value}
              type="button"
              class="small"
              aria-pressed={kind === value}
              onClick={() => goWith({ events: value }, { replace: true })}
            >
              {word}
            </button>
          ))}
        </fieldset>
      }
    >
      <Loaded data={data} what="its events">
        {(rows) => {
          const shown = kind === 'messages' ? rows.filter((row) => row.message !== null) : rows;
          return (
            <>
              {rows.length === MOST && <p class="hint">The first {countShown(MOST)} are shown.</p>}
              {shown.length === 0 ? <p class="hint">None.</p> : <EventList rows={shown} />}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function EventList({ rows }: { readonly rows: readonly Row[] }) {
  const list = useRef<HTMLTableSectionElement>(null);
  const [chosen, setChosen] = useState<string>();
  const { from, until, above, below } = useVirtualRows(list, rows.length, ROW_HEIGHT);
  const open = rows.find((row) => textIn(row, 'event_key') === chosen);
  return (
    <>
      <div class="table-frame">
        <table class="events" aria-label="Events" aria-rowcount={rows.length + 1}>
          <colgroup>
            <col class="c-time" />
            <col class="c-type" />
            <col class="c-step" />
            <col />
          </colgroup>
          <thead class="hidden">
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Event</th>
              <th scope="col">Step</th>
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody ref={list}>
            <Gap height={above} columns={4} />
            {rows.slice(from, until).map((row, at) => {
              const key = textIn(row, 'event_key') ?? '';
              const status = textIn(row, 'status');
              return (
                <tr key={key} aria-rowindex={from + at + 2}>
                  <td class="c-time">
                    <When at={instantIn(row, 'event_time')} />
                  </td>
                  <td class="c-type">
                    <button type="button" aria-pressed={key === chosen} onClick={() => setChosen(key)}>
                      {status !== null && <Sign status={status} />} {textIn(row, 'event_type')}
                    </button>
                  </td>
                  <td class="c-step">
                    <Text of={textIn(row, 'step_name') ?? ''} />
                  </td>
                  <td class="c-says">
                    <Says row={row} />
                  </td>
                </tr>
              );
            })}
            <Gap height={below} columns={4} />
          </tbody>
        </table>
      </div>
      {open !== undefined && <EventDetail row={open} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Says({ row }: { readonly row: Row }) {
  const [level, message, code, error, status] = (
    ['log_level', 'message', 'error_code', 'error_message', 'status'] as const
  ).map((name) => textIn(row, name));
  return (
    <>
      {code !== null && code !== undefined && <code class="bad">{code}</code>} {level}{' '}
      {status !== null && !message && !error && wordOf(status ?? '')}{' '}
      <Text of={(message ?? error ?? '').slice(0, 300).split('\n')[0] ?? ''} />
    </>
  );
}

/** Everything that an event says. What it does not say is left out. */
function EventDetail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const said = Object.entries(row).filter(([, value]) => value !== null && value !== '');
  const text = JSON.stringify(Object.fromEntries(said), null, 2);
  return (
    <aside class="event-detail panel" aria-label="The chosen event">
      <header>
        <h3>{textIn(row, 'event_type')}</h3>
        <Copy text={text} label="Copy as JSON" />
        <button type="button" class="small" onClick={onClose}>
          Close
        </button>
      </header>
      <dl>
        {said.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <pre>
                <bdi>{String(value).slice(0, 20_000)}</bdi>
              </pre>
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
