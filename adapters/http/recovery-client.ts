import type { LedgerRecovery } from '../../ledger/recovery.ts';
import type { Ask } from './alerts-client.ts';
import { queryOf } from './query-text.ts';
import * as contract from './recovery-contract.ts';

/** The recoveries of a ledger that another process serves. */
export const remoteRecovery = (ask: Ask): LedgerRecovery => {
  const post = <T>(path: string, schema: Parameters<typeof ask<T>>[2], body: object) =>
    ask('POST', `/api/recovery/${path}`, schema, { body: JSON.stringify(body) });
  return {
    list: (filter) => ask('GET', `/api/recovery/decisions${queryOf({ ...filter })}`, contract.decisionsAnswer),
    planReplay: (request) => post('replays/plan', contract.planAnswer, request),
    replay: (request) => post('replays', contract.restartAnswer, request),
    start: (request) => post('starts', contract.restartAnswer, request),
    watermark: ({ environment, process_name }) =>
      ask('GET', `/api/recovery/watermark${queryOf({ environment, process_name })}`, contract.watermarkAnswer),
    setWatermark: (set) => post('watermark', contract.watermarkAnswer, set),
    restore: async () => (await post('restore', contract.restoredAnswer, {})).recoveries,
    watermarkHistory: ({ environment, process_name }) =>
      ask(
        'GET',
        `/api/recovery/watermark/history${queryOf({ environment, process_name })}`,
        contract.watermarkHistoryAnswer,
      ),
  };
};
