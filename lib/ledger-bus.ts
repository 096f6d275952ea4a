import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LedgerEventType } from '../core/alert/ledger-event.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { LedgerFunction } from './function.ts';

/** The bus on which each stage publishes what it has done, so that the next stage starts at once. Others may subscribe. */
export class LedgerBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { description }: { readonly description: string }) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description });
  }

  /** Calls the function for each event of these types. */
  subscribe(types: readonly LedgerEventType[], target: LedgerFunction, deadLetters: DeadLetters): void {
    new Rule(this, `Calls${target.node.id}`, {
      eventBus: this.bus,
      eventPattern: { source: ['runledger'], detailType: [...types] },
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
