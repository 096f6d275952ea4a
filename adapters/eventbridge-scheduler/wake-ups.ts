import { createHash } from 'node:crypto';
import { CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { epochMsOf, type Instant, instantOf } from '../../core/instant.ts';
import type { WakeUps } from '../../core/ports/wake-ups.ts';
import type { RecoveryKey } from '../../core/recovery/recovery.ts';

export interface WakeUpSettings {
  readonly client: SchedulerClient;
  /** The group of the one-time schedules. */
  readonly group: string;
  /** The function that is called with `{ recoveries: [key] }`. */
  readonly targetArn: string;
  /** What EventBridge Scheduler calls it with. */
  readonly roleArn: string;
}

/** A call that cannot be made within this time is given up: whoever is woken each minute does its work meanwhile. */
const MAX_AGE_SECONDS = 300;

/**
 * One-time schedules of EventBridge, which deletes each once it was carried out. The name is made of the slot and the moment,
 * so that two who plan the same make one. It wakes within the minute of that moment.
 */
export function openWakeUps({ client, group, targetArn, roleArn }: WakeUpSettings): WakeUps {
  return {
    async plan({ environment, process_name, slot }, at) {
      const key: RecoveryKey = { environment, process_name, slot };
      try {
        await client.send(
          new CreateScheduleCommand({
            Name: nameOf(key, at),
            GroupName: group,
            ScheduleExpression: `at(${secondsOf(at)})`,
            ScheduleExpressionTimezone: 'UTC',
            FlexibleTimeWindow: { Mode: 'OFF' },
            ActionAfterCompletion: 'DELETE',
            Target: {
              Arn: targetArn,
              RoleArn: roleArn,
              Input: JSON.stringify({ recoveries: [key] }),
              RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: MAX_AGE_SECONDS },
            },
          }),
        );
      } catch (error) {
        if (error instanceof Error && error.name === 'ConflictException') return;
        throw explained(group, error);
      }
    },
  };
}

/** At most 64 letters, digits, hyphens, underscores and dots. */
const nameOf = ({ environment, process_name, slot }: RecoveryKey, at: Instant): string =>
  createHash('sha256')
    .update(JSON.stringify([environment, process_name, slot, at]))
    .digest('base64url');

/** A schedule knows whole seconds: the next one, so that it never comes too soon. */
const secondsOf = (at: Instant): string => instantOf(Math.ceil(epochMsOf(at) / 1000) * 1000).slice(0, 19);

function explained(group: string, error: unknown): Error {
  const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Error(
    `Expected to plan a schedule in the group ${group}, got ${came}. What is due is carried out by the clock each minute.`,
    { cause: error },
  );
}
