export type { LedgerProps } from './context.ts';
export { Ledger } from './ledger.ts';
