import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { installed, run } from '../aws/cache.ts';
import { python } from '../aws/requirements.ts';

/*
 * Writes the models beside this file: of each service's own description, which AWS publishes in botocore, the operations
 * that the ledger calls and their shapes, without the texts. `node test/service-models/write.ts`; needs Python.
 */
const BOTOCORE = '1.44.8';
const OPERATIONS = {
  glue: ['StartJobRun', 'GetJobRun', 'BatchStopJobRun'],
  stepfunctions: ['StartExecution', 'DescribeExecution', 'StopExecution'],
  'emr-serverless': ['StartJobRun', 'GetJobRun', 'CancelJobRun'],
  batch: ['SubmitJob', 'DescribeJobs', 'TerminateJob'],
  ecs: ['RunTask', 'DescribeTasks', 'StopTask'],
  lambda: ['Invoke'],
  events: ['PutEvents'],
} as const;

interface Model {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const venv = installed(`botocore-${BOTOCORE}`, (folder) => {
  run(python(), ['-m', 'venv', folder]);
  run(join(folder, 'bin', 'pip'), ['install', '-q', `botocore==${BOTOCORE}`]);
});
const [lib = ''] = readdirSync(join(venv, 'lib'));
for (const [service, names] of Object.entries(OPERATIONS)) {
  const versions = join(venv, 'lib', lib, 'site-packages', 'botocore', 'data', service);
  const newest = readdirSync(versions).sort().at(-1) ?? '';
  const text = gunzipSync(readFileSync(join(versions, newest, 'service-2.json.gz'))).toString('utf8');
  const { metadata, operations, shapes } = JSON.parse(text) as Model;
  const wanted = Object.fromEntries(names.map((name) => [name, bare(operations[name] ?? {})]));
  const used = new Set<string>();
  const use = (value: unknown): void => {
    for (const name of shapesIn(value)) {
      if (used.has(name)) continue;
      used.add(name);
      use(shapes[name]);
    }
  };
  use(wanted);
  const kept = Object.fromEntries([...used].sort().map((name) => [name, bare(shapes[name] ?? {})]));
  const model = { from: `botocore ${BOTOCORE}, Apache-2.0`, metadata, operations: wanted, shapes: kept };
  writeFileSync(join(import.meta.dirname, `${service}.json`), `${JSON.stringify(model)}\n`);
}

function shapesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'shape' && typeof each === 'string' ? [each] : shapesIn(each),
  );
}

function bare(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (key, each) => (/^documentation/.test(key) && typeof each === 'string' ? undefined : each)),
  );
}
