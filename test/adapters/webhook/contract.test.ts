import { channelContract } from '../../contracts/channel.contract.ts';
import { opened } from './opened.ts';
import { answered, aReceiver } from './receiver.ts';

for (const form of ['webhook', 'slack', 'teams', 'pagerduty'] as const)
  channelContract(`an HTTP receiver (${form})`, async () => {
    const [there, away] = [await aReceiver(), await aReceiver(answered(404))];
    return {
      channel: opened(form, there.url).channel,
      broken: opened(form, away.url).channel,
      arrived: () => there.received.length,
    };
  });
