import type { Session } from '../http/ledger.ts';

/** Whether whoever looks may decide and repair. */
export const mayOperate = ({ caller }: Session): boolean => caller?.roles.includes('operate') ?? false;

/** What whoever looks is limited to, as their token says: `team-a, prod`. Undefined: nothing. */
export function limitedTo({ caller }: Session): string | undefined {
  const limits = [...(caller?.owners ?? []), ...(caller?.environments ?? [])];
  return limits.length === 0 ? undefined : limits.join(', ');
}

const KEY = 'runledger-who';

/** Who decides: the name of their token, else the one that they gave last. */
export const whoDecides = ({ caller }: Session): string => caller?.name ?? localStorage.getItem(KEY) ?? '';
export const rememberWho = (who: string): void => localStorage.setItem(KEY, who);
