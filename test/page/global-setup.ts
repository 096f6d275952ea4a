import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { PIPELINES, sendWorld } from './seed.ts';
import { serveLedger } from './served.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the ledger with the runs of `seed.ts` is served. */
    url: string;
    screenshots: string;
  }
}

/** The build, and one ledger with a world of runs for all files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await import('../../scripts/build.mjs' as string);
  const screenshots = process.env.RUNLEDGER_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'screenshots-'));
  mkdirSync(screenshots, { recursive: true });
  const served = await serveLedger({ pipelines: PIPELINES });
  await sendWorld(served.url);
  project.provide('url', served.url);
  project.provide('screenshots', screenshots);
  return async () => {
    process.stdout.write(`screenshots are in ${screenshots}\n`);
    await served.close();
  };
}
