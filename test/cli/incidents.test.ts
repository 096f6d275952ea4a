import { expect, test } from 'vitest';
import type { Incident } from '../../core/alert/incident.ts';
import { aLedger, anIo, NOW, runOn } from './fakes.ts';

const incident: Incident = {
  id: 'i-1',
  environment: 'prod',
  process_name: 'daily_orders',
  slot: NOW,
  occurrence: 1,
  status: 'open',
  severity: 'P2',
  reasons: [],
  run_ids: [],
  occurred_at: NOW,
  detected_at: NOW,
  outbox: [],
  changes: 1,
};

/** A ledger that answers a decision with these fields, whoever sends it. */
const deciding = (decided: Partial<Incident>) =>
  aLedger({
    alerts: {
      ...aLedger().alerts,
      incidents: async () => [incident],
      decide: async () => ({ ...incident, ...decided }),
    },
  });

test('who looks after an incident is who the ledger recorded: a named token, or somebody before', async () => {
  const ledger = deciding({ status: 'acknowledged', acknowledged_by: 'oncall' });
  const { code, out } = await runOn(ledger, ['ack', 'daily_orders'], anIo({ env: { USER: 'ada' } }));
  expect([code, out]).toEqual([0, `daily_orders  ${NOW}  acknowledged by oncall\n`]);
});

test('how an incident was resolved is what the ledger recorded', async () => {
  const ledger = deciding({ status: 'resolved', resolution: 'oncall: loaded by hand' });
  const { code, out } = await runOn(ledger, ['resolve', 'daily_orders', '--reason', 'loaded by hand', '--who', 'ada']);
  expect([code, out]).toEqual([0, `daily_orders  ${NOW}  resolved by oncall: loaded by hand\n`]);
});
