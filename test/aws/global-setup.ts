import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bootstrap, deploy, type Outputs, SHARED_OPTIONS } from './deploy.ts';
import { pauseSchedules } from './pause-schedules.ts';
import { stopOnSignals } from './process.ts';
import { startAll } from './start-all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly awsUrl: string;
    readonly athenaUrl: string;
    readonly outputs: Outputs;
  }
}

/**
 * Starts the emulated AWS and deploys the stack to it, once for the whole run. An AWS that runs already, as
 * `node test/aws/start-all.ts` starts it, is used when the environment names it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-deploy-'));
  const aws = runningAws() ?? (await startAll());
  const stop = async () => {
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  stopOnSignals(stop);
  try {
    const { awsUrl, athenaUrl } = aws;
    await bootstrap({ awsUrl, folder });
    project.provide('outputs', await deploy({ awsUrl, folder, options: SHARED_OPTIONS }));
    await pauseSchedules(awsUrl);
    project.provide('awsUrl', awsUrl);
    project.provide('athenaUrl', athenaUrl);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function runningAws() {
  const { AWS_ENDPOINT_URL: awsUrl, AWS_ENDPOINT_URL_ATHENA: athenaUrl } = process.env;
  return awsUrl === undefined || athenaUrl === undefined ? undefined : { awsUrl, athenaUrl, stop: async () => {} };
}
