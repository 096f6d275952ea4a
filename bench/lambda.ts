import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/**
 * The functions as they are deployed: how large each bundle is, how long a fresh process takes to import it against an
 * empty module, and how fast and how large accept-events is over Firehose batches.
 */
const OUT = resolve('dist/bench/stack');
const STARTS = 7;

const bundles = bundledByTheStack();
const empty = join(OUT, 'empty.mjs');
writeFileSync(empty, 'export const handler = () => undefined;\n');
const emptyMs = startMs(empty);
console.log(`lambda: bundles, and a fresh process of Node ${process.versions.node} that imports each`);
console.log(`  an empty module                 ${emptyMs.toFixed(0)} ms, median of ${STARTS}`);
for (const { name, file } of bundles) {
  const content = readFileSync(file);
  const ms = startMs(file);
  console.log(
    `  ${name.padEnd(28)} ${kb(content.length).padStart(7)}, ${kb(gzipSync(content).length)} zipped: ${ms.toFixed(0)} ms, ${(ms / emptyMs).toFixed(1)} times`,
  );
}

console.log('accept-events over Firehose batches of packed seed events, 500 events a record, in a process of its own');
for (const megabytes of [1, 3]) {
  const { status } = spawnSync(process.execPath, ['dist/bench/transform.mjs', String(megabytes)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The CDK bundles into the assembly; the template names the folder of each function. */
function bundledByTheStack(): readonly { readonly name: string; readonly file: string }[] {
  rmSync(OUT, { recursive: true, force: true });
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    env: {
      ...process.env,
      CDK_OUTDIR: OUT,
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-asset-metadata': true }),
    },
    encoding: 'utf8',
  });
  const template = status === 0 ? readdirSync(OUT).find((file) => file.endsWith('.template.json')) : undefined;
  if (template === undefined) throw new Error(`expected the stack to synthesise, but got ${stderr}`);
  const { Resources } = JSON.parse(readFileSync(join(OUT, template), 'utf8')) as {
    readonly Resources: Readonly<Record<string, { readonly Metadata?: Readonly<Record<string, string>> }>>;
  };
  return Object.entries(Resources).flatMap(([id, { Metadata }]) => {
    const name = /^(\w+)Function[0-9A-F]{8}$/.exec(id)?.[1];
    const file = join(OUT, Metadata?.['aws:asset:path'] ?? '', 'index.mjs');
    return name !== undefined && statSync(file, { throwIfNoEntry: false }) ? [{ name, file }] : [];
  });
}

/** From the start of the process to the end of the import, as the process itself counts it. */
function startMs(file: string): number {
  const script = `await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now())`;
  const times = Array.from({ length: STARTS }, () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--enable-source-maps', '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`expected ${file} to load, but got ${stderr}`);
    return Number(stdout);
  });
  return times.sort((a, b) => a - b)[STARTS >> 1] ?? 0;
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}
