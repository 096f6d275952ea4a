import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/**
 * The functions as they are deployed: how large each bundle is, how long a fresh process takes to import it against an
 * empty module, and how fast and how large accept-events is over Firehose batches.
 */
const FUNCTIONS = resolve('lib/dist/functions');
const STARTS = 7;

const bundles = readdirSync(FUNCTIONS).map((name) => ({ name, file: join(FUNCTIONS, name, 'index.mjs') }));
const empty = resolve('dist/bench/empty.mjs');
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
