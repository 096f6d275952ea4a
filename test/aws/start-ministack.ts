import { join } from 'node:path';
import { installed, run } from './cache.ts';
import { freePort, type RunningProcess, startProcess } from './process.ts';
import { python } from './requirements.ts';

const MINISTACK = '1.5.33';
/** The CDK's handler of S3 notifications is a Python Lambda; MiniStack runs it with what stands beside itself. */
const BOTO3 = '1.43.106';

/**
 * After a call MiniStack waits 50 ms for the first line of its log, and 5 ms for a further one. On a busy machine they come
 * later, and would be told with the next call: here a line has two seconds, and one after it a tenth.
 */
const PATIENT = `
from ministack.core.lambda_runtime import Worker
from ministack.app import main
Worker._drain_stderr_bounded.__defaults__ = (2.0, 0.1, 10.0)
main()`;

/** MiniStack, the emulated AWS, empty, on loopback. `env` reaches its Lambda processes too. */
export async function startMinistack(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProcess> {
  const venv = installMinistack();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startProcess({
    name: 'MiniStack',
    command: join(venv, 'bin', 'python'),
    args: ['-c', PATIENT],
    env: {
      // Unless told, it binds every interface, and so does the IoT port.
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      ...env,
    },
    log: join(folder, 'ministack.log'),
    url,
    isReady: async () => (await fetch(`${url}/_ministack/ready`)).ok,
    readyWithinMs: 60_000,
  });
}

export const installMinistack = (): string =>
  installed(`ministack-${MINISTACK}`, (folder) => {
    run(python(), ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '-q', `ministack==${MINISTACK}`, `boto3==${BOTO3}`]);
  });
