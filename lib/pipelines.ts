import { CustomResource, Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import { resourceProvider } from './resource-provider.ts';

export interface PipelinesProps {
  readonly options: Deployment;
  /** The path of the file of pipelines. */
  readonly path: string;
  readonly lake: Lake;
  readonly live: LiveStore;
}

/** Lets a file of pipelines hold from a deployment on, until another one is applied. */
export class Pipelines extends Construct {
  constructor(scope: Construct, id: string, { options, path, lake, live }: PipelinesProps) {
    super(scope, id);
    const file = new Asset(this, 'File', { path });
    const apply = new LedgerFunction(this, 'ApplyPipelines', {
      ...functionDefaults(options),
      handler: 'apply-pipelines',
      description: 'Lets the file of pipelines hold that a deployment brings',
      environment: {
        ...liveEnvironment(live, options),
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_ENVIRONMENT: options.environment,
      },
      timeout: Duration.minutes(15),
    });
    // Every file there, because a deployment that is undone applies the one before. Asset.grantRead lists and more.
    const resourceArns = [file.bucket.arnForObjects('*')];
    Grant.addToPrincipal({ grantee: apply.function, actions: ['s3:GetObject'], resourceArns });
    lake.grantApplyPipelines(apply.function);
    live.grantRead(apply.function);
    live.grantIncidents(apply.function);
    live.grantReadRecoveries(apply.function);
    const applied = new CustomResource(this, 'Applied', {
      serviceToken: resourceProvider(this, apply, options).serviceToken,
      resourceType: 'Custom::LedgerPipelines',
      // The key is the hash of the file: CloudFormation calls the function when it changes.
      properties: { path, bucket: file.s3BucketName, key: file.s3ObjectKey },
    });
    applied.node.addDependency(apply.function, live);
  }
}
