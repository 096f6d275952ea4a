/** How often an address may fail, and how many addresses are remembered. */
export interface AttemptLimits {
  readonly attempts: number;
  readonly windowMs: number;
  readonly addresses: number;
}

/** Attempts with a wrong token, by address. */
export interface FailedAttempts {
  record(address: string, nowMs: number): void;
  /** How long the address has to wait before its next attempt; 0: it may try. */
  waitMs(address: string, nowMs: number): number;
}

/** Ten wrong tokens a minute are a mistake; more are a search. Ten thousand addresses take about a megabyte. */
const LIMITS: AttemptLimits = { attempts: 10, windowMs: 60_000, addresses: 10_000 };

/** Counts in windows of fixed length. When too many addresses fail, the one that began first is forgotten. */
export function countFailedAttempts({ attempts, windowMs, addresses }: AttemptLimits = LIMITS): FailedAttempts {
  const windows = new Map<string, { readonly sinceMs: number; readonly count: number }>();

  /** A clock that was set back begins a new window, so that nobody waits longer than one. */
  const windowOf = (network: string, nowMs: number) => {
    const window = windows.get(network);
    return window && nowMs >= window.sinceMs && nowMs < window.sinceMs + windowMs ? window : undefined;
  };

  return {
    record(address, nowMs) {
      const network = networkOf(address);
      const { sinceMs, count } = windowOf(network, nowMs) ?? { sinceMs: nowMs, count: 0 };
      windows.delete(network);
      windows.set(network, { sinceMs, count: count + 1 });
      const [first] = windows.keys();
      if (windows.size > addresses && first !== undefined) windows.delete(first);
    },
    waitMs(address, nowMs) {
      const window = windowOf(networkOf(address), nowMs);
      return window === undefined || window.count < attempts ? 0 : window.sinceMs + windowMs - nowMs;
    },
  };
}

/** Whoever has an IPv6 address has the 2^64 of its network, so these count as one. Others stand for themselves. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}
