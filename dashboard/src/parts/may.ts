import type { Session } from '../http/ledger.ts';

/** Whether whoever looks may decide and repair. */
export const mayOperate = ({ caller }: Session): boolean => caller?.roles.includes('operate') ?? false;

const KEY = 'runledger-who';

/** Who decides: the name of their token, else the one that they gave last. */
export const whoDecides = ({ caller }: Session): string => caller?.name ?? localStorage.getItem(KEY) ?? '';
export const rememberWho = (who: string): void => localStorage.setItem(KEY, who);
