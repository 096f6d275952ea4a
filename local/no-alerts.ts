import type { EvaluatePorts } from '../flows/evaluate.ts';

/**
 * A laptop sends no alerts yet: its bus publishes to no subscriber and its notification log keeps nothing. The checks of
 * deadlines run all the same, because silent runs have to reach the metrics.
 */
export const NO_ALERTS: EvaluatePorts = {
  bus: { publish: async () => undefined },
  notificationLog: {
    has: async () => false,
    record: async () => undefined,
    claim: async () => true,
  },
};
