import { join } from 'node:path';
import { installed, run } from './cache.ts';
import { python } from './requirements.ts';

const AWS_CLI = '1.46.2';
const BOTO3 = '1.43.106';

/** The folder of the programs that foreign producers use: `python` with boto3, and `aws`. */
export const installProducers = (): string =>
  join(
    installed(`producers-${AWS_CLI}-${BOTO3}`, (folder) => {
      run(python(), ['-m', 'venv', folder]);
      run(join(folder, 'bin', 'pip'), ['install', '-q', `awscli==${AWS_CLI}`, `boto3==${BOTO3}`]);
    }),
    'bin',
  );
