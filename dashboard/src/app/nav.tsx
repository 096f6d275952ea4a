import { useEffect, useRef } from 'preact/hooks';
import { Link, useAddress } from '../router/use-address.tsx';

const VIEWS = [
  { view: '', label: 'Today' },
  { view: 'runs', label: 'Runs' },
  { view: 'pipelines', label: 'Pipelines' },
  { view: 'incidents', label: 'Incidents' },
  { view: 'lineage', label: 'Lineage' },
  { view: 'quality', label: 'Quality' },
  { view: 'numbers', label: 'Numbers' },
  { view: 'ask', label: 'Ask' },
  { view: 'ledger', label: 'Ledger' },
  { view: 'send', label: 'Send' },
] as const;

export function Nav() {
  const { parts } = useAddress();
  const view = parts[0] ?? '';
  const nav = useRef<HTMLElement>(null);
  // On a phone the views do not fit beside each other.
  useEffect(
    () => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [view],
  );
  return (
    <nav aria-label="Views" ref={nav}>
      <ul>
        {VIEWS.map((each) => (
          <li key={each.view}>
            <Link to={`/${each.view}`} aria-current={each.view === view ? 'page' : undefined}>
              {each.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
