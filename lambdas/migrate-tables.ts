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
  readonly report: Report;
}

/** The custom resource of a deployment: it makes the tables and, once, the salt of people's hashes. Deleting it leaves the tables: the bucket's removal policy decides. */
export const handlerOf =
  ({ openEngine, store, makeSalt, report }: MigrateTablesPorts) =>
  async (
    { RequestType, RequestId }: Pick<CloudFormationCustomResourceEvent, 'RequestType' | 'RequestId'>,
    invocation: Invocation,
  ) => {
    if (RequestType !== 'Delete') await ensureUserSalt(store, makeSalt);
    const done = RequestType === 'Delete' ? [] : await openEngine(RequestId, invocation).migrate();
    report('migrated', { request: RequestType, changes: done.length, done });
    return { PhysicalResourceId: 'ledger-tables' };
  };

export const handler = deployed(migrateTablesPorts, handlerOf);
