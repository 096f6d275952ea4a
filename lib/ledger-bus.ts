import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { LedgerFunction } from './function.ts';

/** What the ledger says on its bus, as `detail-type`. `core/alert/ledger-event.ts` says the same words. */
export const WORDS = [
  'Run Failed',
  'Run Late',
  'Runs Silent',
  'Events Compacted',
  'Runs Summarized',
  'Metrics Aggregated',
] as const;
export type Word = (typeof WORDS)[number];

/** Stages tell each other, and whoever subscribes, what they have done. */
export class LedgerBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { description }: { readonly description: string }) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description });
  }

  /** Calls the function when one of these words is said. */
  hear(words: readonly Word[], target: LedgerFunction, deadLetters: DeadLetters): void {
    new Rule(this, `Calls${target.node.id}`, {
      eventBus: this.bus,
      eventPattern: { source: ['runledger'], detailType: [...words] },
      targets: [
        new LambdaFunction(target.function, {
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: deadLetters.queue,
        }),
      ],
    });
  }

  grantPublish(grantee: IGrantable): void {
    this.bus.grantPutEventsTo(grantee);
  }
}
