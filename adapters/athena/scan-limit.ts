import { type AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';

/** The bytes after which the workgroup cancels a query; null where it has no limit. */
export async function scanLimitOf(client: AthenaClient, workGroup: string): Promise<number | null> {
  const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workGroup }));
  return WorkGroup?.Configuration?.BytesScannedCutoffPerQuery ?? null;
}
