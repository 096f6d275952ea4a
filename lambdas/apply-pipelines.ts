import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import * as z from 'zod';
import { deployed } from '../aws/deployed.ts';
import { applyPipelinesPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { problemShown } from '../core/pipelines/problem.ts';
import type { Clock } from '../core/ports/clock.ts';
import { type ApplyPorts, applyPipelines } from '../flows/apply-pipelines.ts';

/** What the handler works with. */
export interface ApplyPipelinesPorts extends ApplyPorts {
  readonly clock: Clock;
  /** The text of the file that the deployment brought. */
  readonly fileOf: (bucket: string, key: string) => Promise<string>;
  readonly report: Report;
}

/** What `lib/pipelines.ts` passes: the path is for people, the other two are where the file lies. */
const propertiesSchema = z.object({ path: z.string(), bucket: z.string(), key: z.string() });

/**
 * The custom resource of a deployment that brings a file of pipelines: it lets the file hold. One with a problem changes
 * nothing and fails the deployment. Deleting it leaves the file that holds.
 */
export const handlerOf =
  ({ fileOf, report, ...ports }: ApplyPipelinesPorts) =>
  async ({
    RequestType,
    ResourceProperties,
  }: Pick<CloudFormationCustomResourceEvent, 'RequestType' | 'ResourceProperties'>) => {
    if (RequestType !== 'Delete') {
      const { path, bucket, key } = propertiesSchema.parse(ResourceProperties);
      const { problems, watched } = await applyPipelines(
        ports,
        await fileOf(bucket, key),
        ports.clock.now(),
        'a deployment',
      );
      if (problems.length > 0) throw new Error(problems.map((each) => problemShown(path, each)).join('\n'));
      report('applied', { pipelines: watched.length });
    }
    return { PhysicalResourceId: 'ledger-pipelines' };
  };

export const handler = deployed(applyPipelinesPorts, handlerOf);
