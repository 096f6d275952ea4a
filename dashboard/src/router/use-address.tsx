import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Address, addressOf, hrefOf, type Query } from './address.ts';

const listeners = new Set<() => void>();

const current = (): Address => addressOf(location.pathname, location.search);

/** The address, as it is now and as it changes. */
export function useAddress(): Address {
  const [address, setAddress] = useState(current);
  useEffect(() => {
    const update = (): void => setAddress(current());
    listeners.add(update);
    addEventListener('popstate', update);
    update();
    return () => {
      listeners.delete(update);
      removeEventListener('popstate', update);
    };
  }, []);
  return address;
}

/** Goes to another view; `replace`: the one before is no step back. */
export function goTo(href: string, { replace = false } = {}): void {
  if (href === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  if (!replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** The same view with other filters: each change is a step back of its own unless it replaces. */
export function goWith(changes: Query, options: { readonly replace?: boolean } = {}): void {
  const { parts, query } = current();
  goTo(hrefOf(parts, { ...query, ...changes }), options);
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly 'aria-current'?: 'page' | undefined;
  readonly 'aria-label'?: string;
}

/** A link to another view: a real one, which opens in another tab as links do. */
export function Link({ to, children, 'aria-current': current, ...rest }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a href={to} onClick={follow} {...rest} {...(current && { 'aria-current': current })}>
      {children}
    </a>
  );
}
