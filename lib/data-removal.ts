import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Options } from './context.ts';

/**
 * What becomes of the data when the stack is destroyed. It is deleted only when two keys are turned: `dataRemoval` says
 * so, and `deleteDataOf` names this very stack. With one of them it is kept, and synthesis says why.
 */
export function removalOf(scope: Construct, { dataRemoval, deleteDataOf, stackName }: Options): RemovalPolicy {
  if (dataRemoval === 'delete' && deleteDataOf === stackName) return RemovalPolicy.DESTROY;
  if (dataRemoval === 'delete' || deleteDataOf !== undefined) {
    Annotations.of(scope).addWarningV2(
      'runledger:data-is-kept',
      `the data of ${stackName} is kept: to delete it with the stack, expected dataRemoval=delete and deleteDataOf=${stackName}, but got dataRemoval=${dataRemoval} and deleteDataOf=${deleteDataOf ?? '(nothing)'}`,
    );
  }
  // A first deployment that fails leaves nothing behind: the next would find its names taken.
  return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
