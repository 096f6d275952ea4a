import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Alerting } from './alerting.ts';
import type { Lake } from './lake.ts';
import type { LiveStore } from './live-store.ts';
import { grantFind } from './operator-policy.ts';
import type { Recovery } from './recovery.ts';

export interface ResponderPolicyProps {
  readonly description: string;
  readonly stackArn: string;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly alerting: Alerting;
  readonly recovery: Recovery;
}

/**
 * Attach it to who is on call: it allows to look at incidents and at what is expected, to acknowledge, resolve and silence,
 * to apply a file of pipelines, to run runs again, to set watermarks, and to try a route. Runs and tables are read with ReaderPolicy.
 */
export class ResponderPolicy extends ManagedPolicy {
  constructor(
    scope: Construct,
    id: string,
    { description, stackArn, lake, live, alerting, recovery }: ResponderPolicyProps,
  ) {
    super(scope, id, { description });
    grantFind(this, stackArn);
    live.grantRead(this);
    live.grantIncidents(this);
    live.grantRecoveries(this);
    live.grantSetWatermarks(this);
    live.grantNotificationLog(this);
    lake.grantRespond(this);
    alerting.grantTest(this);
    // Who may let a file hold may let runs be started by it.
    recovery.grantCall(this);
  }
}
