import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { openEvents } from '../../../adapters/eventbridge/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromFacts,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const entryOf = ({ Entries }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  (Entries as readonly Readonly<Record<string, unknown>>[])[0] ?? {};

const events: PlayedPlatform = {
  name: 'events of EventBridge',
  service: 'events',
  open: (endpoint, settings) => openEvents({ ...settings, client: new EventBridgeClient(atEndpoint(endpoint)) }),
  target: (bus) => ({ event: { bus, detail_type: 'Start', detail: { table: 'orders' } } }),
  start: {
    operation: 'PutEvents',
    nameIn: (input) => String(entryOf(input).EventBusName),
    output: (EventId) => ({ FailedEntryCount: 0, Entries: [{ EventId }] }),
    told: (input) => fromFacts(entryOf(input).Detail),
  },
  errors: [
    ['ResourceNotFoundException', 'not_started', 400],
    ['ThrottlingException', 'not_started', 400],
    ['InternalException', 'unclear'],
  ],
};
platformTests(events);

test.each([
  ['NotAuthorizedForSourceException', 'not_started'],
  ['ThrottlingException', 'not_started'],
  ['InternalFailure', 'unclear'],
])('an entry refused with %s means %s', async (ErrorCode, state) => {
  const output = { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'no' }] };
  const { restarter } = await aPlatform(events, { output });
  const why = `expected the event on the bus failing to start, got ${ErrorCode}: no`;
  expect(await restarter.start(aStart(events.target('failing')))).toMatchObject({ state, why });
});
