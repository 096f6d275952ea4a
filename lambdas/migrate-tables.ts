import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { deployed } from '../aws/deployed.ts';
import { migrateTablesPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { OpenEngine } from '../aws/stage.ts';
import type { Invocation } from '../aws/with-lease.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { ensureUserSalt } from '../flows/user-salt.ts';

/** What the handler works with. */
export interface MigrateTablesPorts {
  readonly openEngine: OpenEngine;
  readonly store: ObjectStore;
  /** Makes a salt: see `ensureUserSalt`. */
  readonly makeSalt: () => string;
  /** Whether the deployment of this stack has failed and is being undone. */
  readonly isRolledBack: (stackId: string) => Promise<boolean>;
  readonly report: Report;
}

/**
 * The custom resource of a deployment: it makes the tables and, once, the salt of people's hashes. Deleting it leaves the
 * tables: the bucket's removal policy decides. While a failed update is undone it only warns: the tables were good for the
 * version of before, and another failure would leave the stack where no deployment can go on from.
 */
export const handlerOf =
  ({ openEngine, store, makeSalt, isRolledBack, report }: MigrateTablesPorts) =>
  async (
    {
      RequestType,
      RequestId,
      StackId,
    }: Pick<CloudFormationCustomResourceEvent, 'RequestType' | 'RequestId' | 'StackId'>,
    invocation: Invocation,
  ) => {
    const migrate = async (): Promise<readonly string[]> => {
      await ensureUserSalt(store, makeSalt);
      return openEngine(RequestId, invocation).migrate();
    };
    try {
      const done = RequestType === 'Delete' ? [] : await migrate();
      report('migrated', { request: RequestType, changes: done.length, done });
    } catch (error) {
      if (RequestType !== 'Update' || !(await isRolledBack(StackId).catch(() => false))) throw error;
      report('left as they are, because the deployment is undone', { request: RequestType, changes: 0 }, [error]);
    }
    return { PhysicalResourceId: 'ledger-tables' };
  };

export const handler = deployed(migrateTablesPorts, handlerOf);
