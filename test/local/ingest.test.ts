import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIngest } from '../../local/ingest.ts';
import { eventSinkContract } from '../contracts/event-sink.contract.ts';

eventSinkContract('The worker of a laptop', async () => {
  const root = mkdtempSync(join(tmpdir(), 'runledger-ingest-'));
  let isBehind = false;
  const sink = startIngest(
    {
      root,
      environment: 'local',
      zone: 'UTC',
      keepUserEmail: false,
      userSalt: 'a salt of this test',
      maskPatterns: [],
      fsync: false,
    },
    () => undefined,
    () => isBehind,
  );
  return {
    sink,
    taken: async () => linesBelow(root),
    overload: () => {
      isBehind = true;
    },
    close: async () => {
      await sink.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
});

/** Accepted and rejected ones. Segments are plain files, also those that are still being written. */
function linesBelow(folder: string): number {
  let lines = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) lines += readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n').length - 1;
  return lines;
}
