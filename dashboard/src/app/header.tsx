import { useEffect, useState } from 'preact/hooks';
import { deployed } from '../http/deployed.ts';
import { ledger, type Session } from '../http/ledger.ts';
import { lastLook, liveState, onLiveState } from '../http/live.ts';
import { forgetData } from '../http/use-data.ts';
import { limitedTo } from '../parts/may.ts';
import { Link } from '../router/use-address.tsx';
import { clockAheadMs } from '../time/clock.ts';
import { wallOf } from '../time/zone.ts';
import { chooseZone, offeredZones, useZone } from '../time/zones.ts';
import { Search } from './search.tsx';
import { nextTheme, theme } from './theme.ts';

const LIVE = {
  live: { word: 'Live', means: 'changes show within a second' },
  polling: { word: 'Every 15 s', means: 'changes do not reach this page by themselves, so it looks every 15 s' },
  away: { word: 'No answer', means: 'the ledger does not answer; the page tries again by itself' },
} as const;

export function Header({ session, onSignedOut }: { readonly session: Session; readonly onSignedOut: () => void }) {
  const limits = limitedTo(session);
  const signOut = async (): Promise<void> => {
    await ledger.signOut();
    forgetData();
    onSignedOut();
  };
  return (
    <header class="top">
      <Link to="/" class="brand">
        Runledger
      </Link>
      <Search />
      <div class="tools">
        {limits !== undefined && (
          <span class="limits" title="your token sees and acts on pipelines of these owners and environments alone">
            <span class="hint">limited to</span> <bdi>{limits}</bdi>
          </span>
        )}
        <LiveSign />
        <Zone />
        <ThemeButton />
        {session.needs_token && (
          <button type="button" class="small" onClick={() => void signOut()} title={`signed in as ${whoIs(session)}`}>
            Sign out {session.caller?.name ?? ''}
          </button>
        )}
      </div>
    </header>
  );
}

const whoIs = ({ caller }: Session): string =>
  caller === null
    ? 'nobody'
    : `${caller.name ?? 'the holder of the server’s token'}, who may ${caller.roles.join(', ')}`;

function LiveSign() {
  const [{ state, at }, setState] = useState(() => ({ state: liveState(), at: lastLook() }));
  useEffect(() => onLiveState((next) => setState({ state: next, at: lastLook() })), []);
  const zone = useZone();
  const everyS = deployed()?.looks_every_s;
  const ahead = clockAheadMs();
  const apart =
    ahead === 0
      ? ''
      : `; the clocks of this browser and of the ledger are ${Math.round(Math.abs(ahead) / 1000)} s apart`;
  return (
    <span
      class={`live-sign ${state}`}
      role="status"
      title={
        (everyS === undefined ? LIVE[state].means : `of the ${deployed()?.where}; looked at while this page is seen`) +
        apart
      }
    >
      {everyS === undefined ? LIVE[state].word : `Every ${everyS} s`}
      {everyS !== undefined && at !== undefined && `, data of ${wallOf(at, zone).slice(11)}`}
    </span>
  );
}

function Zone() {
  const zone = useZone();
  return (
    <label class="zone">
      <span class="hidden">Time zone</span>
      <select value={zone} onChange={(event) => chooseZone(event.currentTarget.value)} title="the zone of times">
        {offeredZones().map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeButton() {
  const [name, setName] = useState(theme);
  return (
    <button
      type="button"
      class="small"
      onClick={() => setName(nextTheme())}
      title="light, dark, or as the system has it"
    >
      <span class="hidden">Colours: </span>
      {name === 'system' ? 'Auto' : name === 'light' ? 'Light' : 'Dark'}
    </button>
  );
}
