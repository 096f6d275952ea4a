import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import { acceptEach } from './accept.ts';

/**
 * A sink that takes lines now and accepts them later, told apart at once: its counts and reasons are those that accept will
 * find. The lines travel as they came, those that will be rejected too, so that they are kept as rejections.
 */
export const sendChecked = (
  sink: EventSink,
  { settings, clock }: { readonly settings: AcceptSettings; readonly clock: Clock },
): EventSink => ({
  async send(records) {
    const found = acceptEach(records, clock.now(), settings, () => undefined);
    await sink.send(records);
    return found;
  },
});
