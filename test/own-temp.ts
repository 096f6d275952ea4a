import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tests leave in the folder for temporary files is gone after them: the CDK alone leaves a folder for each stack. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
