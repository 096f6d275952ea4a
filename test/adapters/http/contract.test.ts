import { apiOf } from '../../../adapters/http/api.ts';
import { createApp } from '../../../adapters/http/app.ts';
import { remoteLedger } from '../../../adapters/http/client.ts';
import { OverloadedError } from '../../../core/ports/event-sink.ts';
import { aLedger, landedOf } from '../../cli/fakes.ts';
import { eventSinkContract } from '../../contracts/event-sink.contract.ts';
import { aPage, noChanges } from './fakes.ts';

const clock = { now: () => '2025-11-03T12:00:00.000Z' };

/** A ledger over HTTP: its client, its server, and behind them a sink in memory that knows an event by its brace. */
eventSinkContract('A ledger over HTTP', async () => {
  let taken = 0;
  let isFull = false;
  const ledger = aLedger({
    send: async (records) => {
      if (isFull) throw new OverloadedError('full');
      const { received } = landedOf(records);
      taken += received;
      const rejected = records.flatMap(
        (record) =>
          Buffer.from(record)
            .toString()
            .match(/^[^{\s].*$/gm) ?? [],
      ).length;
      return { received, accepted: received - rejected, rejected };
    },
  });
  const app = createApp(
    {
      sink: ledger,
      answers: { answer: (sql) => ledger.query(sql) },
      takePing: () => Promise.reject(new Error('no ping')),
      health: async () => ({}),
      page: aPage(),
      changes: noChanges,
    },
    { allowedHosts: [], clock, api: apiOf(ledger, clock) },
  );
  return {
    sink: remoteLedger({ url: 'http://127.0.0.1:4319' }, async (input, init) => app.fetch(new Request(input, init))),
    taken: async () => taken,
    overload: () => {
      isFull = true;
    },
  };
});
