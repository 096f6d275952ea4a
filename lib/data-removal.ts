import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Options } from './options.ts';

/**
 * Decides whether destroying the stack deletes its data. It does only when both options ask for it: `dataRemoval` is
 * `delete`, and `deleteDataOf` names this stack. With only one of them the data is kept, and synthesis warns.
 */
export function removalOf(scope: Construct, { dataRemoval, deleteDataOf, stackName }: Options): RemovalPolicy {
  if (dataRemoval === 'delete' && deleteDataOf === stackName) return RemovalPolicy.DESTROY;
  if (dataRemoval === 'delete' || deleteDataOf !== undefined) {
    Annotations.of(scope).addWarningV2(
      'runledger:data-is-kept',
      `the data of ${stackName} is kept: to delete it with the stack, expected dataRemoval=delete and deleteDataOf=${stackName}, but got dataRemoval=${dataRemoval} and deleteDataOf=${deleteDataOf ?? '(nothing)'}`,
    );
  }
  // A first deployment that fails must leave no fixed name behind: it would be taken for the next one. See also the bucket.
  return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
