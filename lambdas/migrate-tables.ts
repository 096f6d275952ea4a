import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { lazyHandler } from '../aws/lazy-handler.ts';
import { engineFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';

/** What the handler works with. */
export interface MigrateTablesPorts {
  readonly openEngine: (tryName: string) => QueryEngine;
  readonly report: Report;
}

/** The custom resource of a deployment. Deleting it leaves the tables: the bucket's removal policy decides. */
export const handlerOf =
  ({ openEngine, report }: MigrateTablesPorts) =>
  async ({ RequestType, RequestId }: Pick<CloudFormationCustomResourceEvent, 'RequestType' | 'RequestId'>) => {
    const done = RequestType === 'Delete' ? [] : await openEngine(RequestId).migrate();
    report('migrated', { request: RequestType, changes: done.length, done });
    return { PhysicalResourceId: 'ledger-tables' };
  };

export const handler = lazyHandler(() =>
  handlerOf({ openEngine: (tryName) => engineFrom(process.env, tryName), report: logReport() }),
);
