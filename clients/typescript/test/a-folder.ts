import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestFolder extends Disposable {
  readonly path: string;
  /** The files within, at any depth. */
  files(): string[];
}

/** An empty folder that is gone after the test. */
export function aFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'runledger-client-'));
  return {
    path,
    files: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
