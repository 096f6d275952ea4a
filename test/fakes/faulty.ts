/** How a call fails: before it did anything, after it did all of it, or after a while in which nobody knows. */
export const MANNERS = ['before', 'after', 'late'] as const;
export type Manner = (typeof MANNERS)[number];

/** One call of one method of one port: the `nth`, from 0. */
export interface Fault {
  readonly port: string;
  readonly method: string;
  readonly nth: number;
  readonly manner: Manner;
}

/** Ports that fail where they are told to, and count their calls. */
export interface Faults {
  /** The port, failing. */
  wrap<Port extends object>(name: string, port: Port): Port;
  /** From now on everything works. */
  heal(): void;
  /** Whether the fault has happened. */
  happened(): boolean;
  /** Calls until it was healed, by `port.method`. */
  readonly calls: ReadonlyMap<string, number>;
}

export const broken = new Error('the world is broken');
const LATE_MS = 5;

/** Without a fault every call works: what a scenario calls is counted so. */
export function faultsOf(fault?: Fault): Faults {
  const calls = new Map<string, number>();
  let isHealed = false;
  let hasHappened = false;
  const failing = async (work: () => unknown): Promise<never> => {
    hasHappened = true;
    // It fails whatever the call came to.
    if (fault?.manner === 'after') await (async () => work())().catch(() => undefined);
    if (fault?.manner === 'late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    throw broken;
  };
  return {
    calls,
    heal: () => {
      isHealed = true;
    },
    happened: () => hasHappened,
    wrap: (name, port) =>
      new Proxy(port, {
        get(target, method, receiver) {
          const member: unknown = Reflect.get(target, method, receiver);
          if (typeof member !== 'function' || typeof method !== 'string') return member;
          return (...given: unknown[]): unknown => {
            const key = `${name}.${method}`;
            const nth = calls.get(key) ?? 0;
            if (!isHealed) calls.set(key, nth + 1);
            const work = (): unknown => Reflect.apply(member, target, given);
            const isIt = fault?.port === name && fault.method === method && fault.nth === nth && !isHealed;
            if (!isIt) return work();
            // A list is read as it goes: it fails at its first object.
            return method === 'list' ? failingList(() => failing(() => undefined)) : failing(work);
          };
        },
      }),
  };
}

async function* failingList(fail: () => Promise<never>): AsyncGenerator<never> {
  yield await fail();
}

/** Every fault of a scenario: each call that it makes, in each manner. */
export const everyFault = (calls: ReadonlyMap<string, number>): readonly Fault[] =>
  [...calls].flatMap(([key, times]) => {
    const [port = '', method = ''] = key.split('.');
    return Array.from({ length: times }, (_, nth) => MANNERS.map((manner) => ({ port, method, nth, manner }))).flat();
  });
