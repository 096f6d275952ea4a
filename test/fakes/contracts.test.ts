import { type EventSink, OverloadedError } from '../../core/ports/event-sink.ts';
import { recordingSink } from '../adapters/http/fakes.ts';
import { aLedger, landedOf } from '../cli/fakes.ts';
import { busContract } from '../contracts/bus.contract.ts';
import { channelContract } from '../contracts/channel.contract.ts';
import { clockContract } from '../contracts/clock.contract.ts';
import { eventSinkContract } from '../contracts/event-sink.contract.ts';
import { incidentStoreContract } from '../contracts/incident-store.contract.ts';
import { notificationLogContract } from '../contracts/notification-log.contract.ts';
import { objectStoreContract } from '../contracts/object-store.contract.ts';
import { pipelineWatchesContract } from '../contracts/pipeline-watches.contract.ts';
import { recoveryStoreContract } from '../contracts/recovery-store.contract.ts';
import { writerLeaseContract } from '../contracts/writer-lease.contract.ts';
import { aBus } from './bus.ts';
import { aChannel } from './channel.ts';
import { aClock } from './clock.ts';
import { fakeIncidentStore } from './incident-store.ts';
import { aNotificationLog } from './notification-log.ts';
import { aStore } from './object-store.ts';
import { fakePipelineWatches } from './pipeline-watches.ts';
import { fakeRecoveryStore } from './recovery-store.ts';
import { aWriterLease } from './writer-lease.ts';

/** Fakes keep the promises of their ports, so that a test over a fake is a test of the real thing. */
clockContract('the fake', () => aClock('2025-11-03T12:00:00.000Z'));
objectStoreContract('the fake', async () => aStore());
notificationLogContract('the fake', async () => aNotificationLog());
incidentStoreContract('the fake', async () => fakeIncidentStore());
pipelineWatchesContract('the fake', async () => fakePipelineWatches());
recoveryStoreContract('the fake', async () => fakeRecoveryStore());
writerLeaseContract('the fake', async () => aWriterLease());

busContract('the fake', async () => {
  const [bus, broken] = [aBus(), aBus()];
  broken.isDown = true;
  return { bus, broken, published: async () => bus.published };
});

channelContract('the fake', async () => {
  const [channel, broken] = [aChannel('email'), aChannel('email')];
  broken.isDown = true;
  return { channel, broken, arrived: () => channel.sent.length };
});

/** Neither reads its lines: what is no event is for the adapters to find. */
const LINES_UNREAD = [
  {
    reason: 'it takes every line for an event',
    tests: ['a line that is no event is counted as rejected, and the others are not harmed'],
  },
];
const linesOf = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length;

/** A sink in front of another that refuses everything from a moment on. */
function untilOverloaded(sink: EventSink): { readonly sink: EventSink; overload(): void } {
  let isFull = false;
  return {
    overload: () => {
      isFull = true;
    },
    sink: { send: (records) => (isFull ? Promise.reject(new OverloadedError('full')) : sink.send(records)) },
  };
}

eventSinkContract(
  'the recording sink',
  async () => {
    const sink = recordingSink();
    return { ...untilOverloaded(sink), taken: async () => linesOf(sink.sent.flat().join('\n')) };
  },
  LINES_UNREAD,
);

eventSinkContract(
  'the fake ledger',
  async () => {
    const batches: string[] = [];
    const ledger = aLedger({
      send: async (records) => {
        batches.push(...records.map((record) => Buffer.from(record).toString()));
        return landedOf(records);
      },
    });
    return { ...untilOverloaded(ledger), taken: async () => linesOf(batches.join('\n')) };
  },
  LINES_UNREAD,
);
