import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a version stands: a file, and what stands around it. `$1` and `$2` of the pattern stay. */
interface Place {
  readonly file: string;
  readonly pattern: RegExp;
}

const MANIFEST = /^(\s*"name": "[^"]*",\s*"version": ")[^"]+(")/m;

/** Every place that says the version of what is released. They are one: what one of them says, all say. */
export const PLACES: readonly Place[] = [
  { file: 'package.json', pattern: MANIFEST },
  { file: 'clients/typescript/package.json', pattern: MANIFEST },
  { file: 'lib/package.json', pattern: MANIFEST },
  { file: 'scripts/own-node/package.json', pattern: MANIFEST },
  { file: 'package-lock.json', pattern: /^(\{\s*"name": "runledger",\s*"version": ")[^"]+(")/ },
  { file: 'package-lock.json', pattern: /("": \{\s*"name": "runledger",\s*"version": ")[^"]+(")/ },
  ...['@runledger/client', '@runledger/cdk', '@runledger/own-node'].map((name) => ({
    file: 'package-lock.json',
    pattern: new RegExp(`("name": "${name}",\\s*"version": ")[^"]+(")`),
  })),
  { file: 'clients/typescript/src/version.ts', pattern: /(export const VERSION = ')[^']+(')/ },
  { file: 'clients/python/pyproject.toml', pattern: /(^name = "runledger"\nversion = ")[^"]+(")/m },
  { file: 'clients/python/src/runledger/_version.py', pattern: /(^VERSION = ")[^"]+(")/m },
  { file: 'clients/sh/runledger-exec', pattern: /("name":"runledger-exec","version":")[^"]+(")/ },
  { file: 'docs/openapi.json', pattern: /("title": "Runledger",\s*"version": ")[^"]+(")/ },
  { file: 'clients/python/README.md', pattern: /( runledger-)[^\s-]+(-py3-none-any\.whl)/ },
  ...[
    'examples/databricks/create_databricks_job.py',
    'docs/send-from/databricks.md',
    'examples/github-actions/orders.yml',
    'docs/send-from/github-actions.md',
    'examples/glue/create_glue_job.py',
    'docs/send-from/glue.md',
  ].map((file) => ({ file, pattern: /(\/runledger-)[^/\s-]+(-py3-none-any\.whl)/ })),
  ...['examples/containers/Dockerfile', 'docs/send-from/containers.md'].flatMap((file) => [
    { file, pattern: /(COPY .*runledger-)\d[^/\s-]*(-py3-none-any\.whl)/ },
    { file, pattern: /(RUN pip .*runledger-)[^/\s-]+(-py3-none-any\.whl)/ },
  ]),
  { file: 'README.md', pattern: /(\/runledger-)\d[^/\s]*(\.tgz)/ },
  { file: 'docs/serve.md', pattern: /(\/runledger-)\d[^/\s]*(\.tgz)/ },
];

/** The one version of the tree. Throws when a place does not say it, with every place that differs. */
export function versionOf(root: string): string {
  const found = PLACES.map(({ file, pattern }) => {
    const [whole, before, after] = pattern.exec(readFileSync(join(root, file), 'utf8')) ?? [];
    if (whole === undefined || before === undefined || after === undefined)
      throw new Error(
        `expected a version in ${file}, but got none that ${pattern} finds; mend scripts/release/versions.ts`,
      );
    return { file, version: whole.slice(before.length, whole.length - after.length) };
  });
  const version = found[0]?.version ?? '';
  const others = found.filter((each) => each.version !== version);
  if (others.length === 0) return version;
  const list = others.map((each) => `${each.file} (${each.version})`).join(', ');
  throw new Error(`expected ${version} everywhere, as package.json has it, but got others in ${list}; make them equal`);
}

/** Writes another version everywhere. */
export function writeVersion(root: string, version: string): void {
  for (const { file, pattern } of PLACES) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(pattern, (_, before: string, after: string) => `${before}${version}${after}`),
    );
  }
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** Negative when `a` comes before `b`. Throws for what is no version of three numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((each) => {
    const parts = VERSION.exec(each)?.slice(1).map(Number);
    if (parts === undefined) throw new Error(`expected a version such as 0.2.0, but got ${each}`);
    return parts;
  });
  const differing = [0, 1, 2].find((at) => left?.[at] !== right?.[at]);
  return differing === undefined ? 0 : (left?.[differing] ?? 0) - (right?.[differing] ?? 0);
}
