import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AthenaFacade, startAthenaFacade } from './athena-facade.ts';
import { startGateway } from './gateway/gateway.ts';
import { freePort, stopOnSignals } from './process.ts';
import { startMinistack } from './start-ministack.ts';
import { startTrino } from './start-trino.ts';
import { TRINO_KEY } from './trino-config.ts';

export interface EmulatedAws {
  /** S3, Glue, Firehose, Lambda and the rest. */
  readonly awsUrl: string;
  readonly athenaUrl: string;
  readonly trinoUrl: string;
  readonly athena: AthenaFacade;
  stop(): Promise<void>;
}

/** MiniStack, Trino and the Athena façade, wired to each other: Lambdas on MiniStack reach Athena through the façade. */
export async function startAll(): Promise<EmulatedAws> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-aws-'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.reverse()) await each();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const awsUrl = `http://127.0.0.1:${port}`;
    const aws = await startMinistack(folder, {
      // Each function has a key of its own, and its role's policies are held against its calls.
      AUTH: 'true',
      // What functions call.
      AWS_ENDPOINT_URL: awsUrl,
      // As Lambda sets it: the functions trace their calls, although no daemon listens.
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    });
    stops.push(aws.stop);
    const trino = await startTrino(folder, awsUrl);
    stops.push(trino.stop);
    const athena = await startAthenaFacade({ trinoUrl: trino.url, awsUrl });
    stops.push(athena.stop);
    const gateway = await startGateway({
      ...{ port, awsUrl: aws.url, athenaUrl: athena.url },
      actingFor: (key) => (key === TRINO_KEY ? starterOf(athena) : key),
      workgroupOf: (id) => athena.executions().find((each) => each.id === id)?.workGroup,
    });
    stops.push(gateway.stop);
    return { awsUrl, athenaUrl: athena.url, trinoUrl: trino.url, athena, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Athena reads and writes with the rights of who started a statement; when several run, nobody knows whose it is. */
function starterOf(athena: AthenaFacade): string {
  const running = athena.executions().filter(({ state }) => state === 'RUNNING');
  const [starter = TRINO_KEY, ...others] = new Set(running.map(({ startedBy }) => startedBy));
  return others.length === 0 ? starter : TRINO_KEY;
}

/** Run as a script: prints what to export, and stays until it is ended. */
if (import.meta.main) {
  try {
    const aws = await startAll();
    console.log(`export AWS_ENDPOINT_URL=${aws.awsUrl} AWS_ENDPOINT_URL_ATHENA=${aws.athenaUrl}`);
    console.log('export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1');
    console.log(`export TRINO_URL=${aws.trinoUrl}`);
    stopOnSignals(aws.stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
