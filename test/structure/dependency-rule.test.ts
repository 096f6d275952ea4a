import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/**
 * The dependency rule: which floors a file may import from, its own included. `biome.json` enforces it; here each import
 * between two floors is planted in an empty copy of the layout, to show that lint refuses exactly the wrong ones.
 */
const MAY_IMPORT = {
  core: ['core'],
  sql: ['core', 'sql'],
  flows: ['core', 'sql', 'flows'],
  ledger: ['core', 'ledger'],
  'adapters/athena': ['core', 'sql', 'adapters/athena'],
  'adapters/http': ['core', 'sql', 'ledger', 'adapters/http'],
  'adapters/lambda-events': ['core', 'sql', 'adapters/lambda-events'],
  adapters: ['core', 'sql'],
  aws: [
    'core',
    'sql',
    'flows',
    'ledger',
    'adapters/athena',
    'adapters/http',
    'adapters/lambda-events',
    'adapters',
    'aws',
  ],
  local: [
    'core',
    'sql',
    'flows',
    'ledger',
    'adapters/athena',
    'adapters/http',
    'adapters/lambda-events',
    'adapters',
    'local',
  ],
  lambdas: ['core', 'sql', 'flows', 'adapters/lambda-events', 'aws', 'lambdas'],
  cli: ['core', 'sql', 'ledger', 'cli'],
  lib: ['core', 'lib'],
  bin: ['lib', 'bin'],
  'clients/typescript/src': ['clients/typescript/src'],
  dashboard: ['dashboard'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Floor = keyof typeof MAY_IMPORT;
const FLOORS = Object.keys(MAY_IMPORT) as Floor[];

/** They use what they measure, show or test. Nothing imports them. */
const OUTSIDE = ['scripts', 'bench', 'examples', 'test'] as const;

/** Packages that only some floors may know. */
const PACKAGES = {
  'node:fs': [
    'adapters/athena',
    'adapters/http',
    'adapters/lambda-events',
    'adapters',
    'aws',
    'local',
    'lambdas',
    'cli',
    'lib',
    'bin',
    'clients/typescript/src',
  ],
  '@aws-sdk/client-s3': [
    'adapters/athena',
    'adapters/http',
    'adapters/lambda-events',
    'adapters',
    'aws',
    'lambdas',
    'clients/typescript/src',
  ],
  '@duckdb/node-api': ['adapters/athena', 'adapters/http', 'adapters/lambda-events', 'adapters', 'local'],
  'aws-cdk-lib/aws-s3': ['lib', 'bin'],
} as const satisfies Readonly<Record<string, readonly Floor[]>>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-floors-'));
  cpSync('biome.json', join(folder, 'biome.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plant = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** `from` imports a type of `to`. */
const plantImport = (from: string, to: string): void => {
  const path = relative(dirname(from), to);
  plant(from, `import type { A } from '${path.startsWith('.') ? path : `./${path}`}';\nexport type B = A;\n`);
};

/** The files that lint refuses, by one of its rules. */
function refused(rule: 'style/noRestrictedImports' | 'suspicious/noImportCycles'): readonly string[] {
  const { stdout, stderr } = spawnSync(
    resolve('node_modules/.bin/biome'),
    ['lint', `--only=${rule}`, '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stdout, stderr).toContain('"diagnostics"');
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
  };
  const found = diagnostics.filter(({ category }) => category === `lint/${rule}`).map(({ location }) => location.path);
  return [...new Set(found)].sort();
}

describe('lint refuses what the dependency rule forbids, and nothing else', () => {
  test('between floors', () => {
    const expected: string[] = [];
    for (const to of [...FLOORS, ...OUTSIDE]) plant(`${to}/target.ts`, 'export type A = string;\n');
    for (const from of FLOORS) {
      for (const to of [...FLOORS, ...OUTSIDE]) {
        if (from === to) continue;
        const name = `to-${to.replaceAll('/', '-')}.ts`;
        // Adapters have no folders within theirs, nor have those that lie at their root.
        const files = from.startsWith('adapters') ? [`${from}/${name}`] : [`${from}/${name}`, `${from}/room/${name}`];
        for (const file of files) {
          plantImport(file, `${to}/target.ts`);
          if (!(MAY_IMPORT[from] as readonly string[]).includes(to)) expected.push(file);
        }
      }
    }
    expect(refused('style/noRestrictedImports')).toEqual(expected.sort());
  });

  test('of packages', () => {
    const expected: string[] = [];
    for (const from of FLOORS) {
      for (const [name, allowed] of Object.entries(PACKAGES)) {
        const file = `${from}/${name.replace(/\W/g, '-')}.ts`;
        plant(file, `import { a } from '${name}';\nexport const b = a;\n`);
        if (!(allowed as readonly string[]).includes(from)) expected.push(file);
      }
    }
    expect(refused('style/noRestrictedImports')).toEqual(expected.sort());
  });

  test('however it is imported', () => {
    plant('sql/target.ts', 'export type A = string;\n');
    plant('core/type.ts', "import type { A } from '../sql/target.ts';\nexport type B = A;\n");
    plant('core/again.ts', "export * from '../sql/target.ts';\n");
    plant('core/later.ts', "export const later = () => import('../sql/target.ts');\n");
    plant('core/beside.ts', "import '../sql/target.ts';\n");
    expect(refused('style/noRestrictedImports')).toEqual([
      'core/again.ts',
      'core/beside.ts',
      'core/later.ts',
      'core/type.ts',
    ]);
  });

  test('not the files of an adapter by itself, nor the live table, which the stack reads as data', () => {
    plant('adapters/athena/target.ts', 'export type A = string;\n');
    plant('adapters/dynamodb/table.ts', 'export type A = string;\n');
    plantImport('adapters/athena/own.ts', 'adapters/athena/target.ts');
    plantImport('lib/live-table.ts', 'adapters/dynamodb/table.ts');
    expect(refused('style/noRestrictedImports')).toEqual([]);
  });
});

test('of cli/, its ledger.ts alone picks local/, and cli/aws/ dresses what aws/ opens', () => {
  plant('aws/target.ts', 'export type A = string;\n');
  plant('local/target.ts', 'export type A = string;\n');
  plantImport('cli/ledger.ts', 'local/target.ts');
  plantImport('cli/aws/ledger.ts', 'aws/target.ts');
  plantImport('cli/aws/local.ts', 'local/target.ts');
  plantImport('cli/commands/runs.ts', 'cli/aws/ledger.ts');
  plantImport('cli/commands/show.ts', 'local/target.ts');
  plantImport('cli/main.ts', 'aws/target.ts');
  expect(refused('style/noRestrictedImports')).toEqual(['cli/aws/local.ts', 'cli/commands/show.ts', 'cli/main.ts']);
});

test('the page takes the contract, and of core/ what says how things read', () => {
  for (const to of [
    'adapters/http/contract.ts',
    'adapters/http/alerts-contract.ts',
    'core/format.ts',
    'adapters/http/app.ts',
    'core/retry.ts',
  ]) {
    plant(to, 'export type A = string;\n');
    plantImport(`dashboard/src/${to.replaceAll('/', '-')}`, to);
  }
  expect(refused('style/noRestrictedImports')).toEqual([
    'dashboard/src/adapters-http-app.ts',
    'dashboard/src/core-retry.ts',
  ]);
});

test('lint refuses files that import each other, for a type alone too', () => {
  plantImport('core/a.ts', 'core/b.ts');
  plantImport('core/b.ts', 'core/c.ts');
  plantImport('core/c.ts', 'core/a.ts');
  plantImport('core/d.ts', 'core/a.ts');
  expect(refused('suspicious/noImportCycles')).toEqual(['core/a.ts', 'core/b.ts', 'core/c.ts']);
});

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

test('every folder with code in it has its place in the rule', () => {
  const known = new Set<string>([...FLOORS.map((floor) => floor.split('/')[0] as string), ...OUTSIDE]);
  const folders = sources.filter((file) => file.includes('/')).map((file) => file.split('/')[0] as string);
  expect([...new Set(folders)].filter((each) => !known.has(each))).toEqual([]);
});

test('adapters have no folders within theirs: the patterns of lint would not see across them', () => {
  expect(sources.filter((file) => /^adapters\/[^/]+\/[^/]+\//.test(file))).toEqual([]);
});

test('no type is imported where it is used: lint would not see it', () => {
  const typeImport = /\bimport\('\.[^']*'\)\.(?!then\b|catch\b)/;
  expect(sources.filter((file) => typeImport.test(readFileSync(file, 'utf8')))).toEqual([]);
});
