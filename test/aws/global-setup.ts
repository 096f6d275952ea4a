import type { TestProject } from 'vitest/node';
import { startAll } from './start-all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly awsUrl: string;
    readonly athenaUrl: string;
  }
}

/**
 * Starts the emulated AWS for the whole run. One that runs already, as `node test/aws/start-all.ts` starts it, is used
 * when the environment names it.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { AWS_ENDPOINT_URL: awsUrl, AWS_ENDPOINT_URL_ATHENA: athenaUrl } = process.env;
  if (awsUrl !== undefined && athenaUrl !== undefined) {
    project.provide('awsUrl', awsUrl);
    project.provide('athenaUrl', athenaUrl);
    return undefined;
  }
  const aws = await startAll();
  project.provide('awsUrl', aws.awsUrl);
  project.provide('athenaUrl', aws.athenaUrl);
  return aws.stop;
}
