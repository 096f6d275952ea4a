import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { durationShown } from '../../core/format.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { fail, ok, warn } from '../doctor/check.ts';

/** How far this machine's clock is ahead of AWS's, as the answers of the client say; behind is negative. */
export interface SkewMeter {
  aheadMs(): number | undefined;
}

/** Reads the `Date` header of every answer. It tells whole seconds, so less than that is nothing. */
export function measureSkew(client: CloudFormationClient, clock: Clock): SkewMeter {
  let aheadMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      const atMs = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(atMs)) aheadMs = epochMsOf(clock.now()) - atMs;
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return { aheadMs: () => aheadMs };
}

const NOTICED_MS = 30_000;
/** "Requests must reach AWS within five minutes of the time stamp" (IAM: signing requests). */
const REFUSED_MS = 300_000;

/** Whether the clocks agree well enough for signatures and event times. */
export function skewFinding({ aheadMs }: SkewMeter) {
  const ahead = aheadMs();
  if (ahead === undefined) return warn('AWS did not say what time it is', 'compare the clock with another one');
  const skew = Math.abs(ahead);
  if (skew <= NOTICED_MS)
    return ok(skew < 2000 ? 'agrees with that of AWS' : `${durationShown(skew)} from that of AWS`);
  const found = `this machine is ${durationShown(skew)} ${ahead > 0 ? 'ahead of' : 'behind'} AWS`;
  return (skew > REFUSED_MS ? fail : warn)(
    found,
    'set the clock (NTP): events of this machine bear its time, and AWS refuses what is five minutes off',
  );
}
