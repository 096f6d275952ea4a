import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { type Place, resolve } from '../permissions/resolve.ts';
import { withoutHash } from '../permissions/roles.ts';
import { resourcesOf, type Template } from '../template.ts';
import type { Finding } from './finding.ts';

/** How a linter, installed in a folder, is asked about a template, which stands in a folder of its own. */
export type Linter = (venv: string, template: Template, folder: string) => readonly Finding[];

/** From PyPI, by name and version. */
export const PACKAGES = ['cfn-lint==1.58.0', 'checkov==3.3.30', 'parliament==1.6.4'];

const cfnLint: Linter = (venv, template, folder) => {
  const found = JSON.parse(
    run(venv, 'cfn-lint', ['--format', 'json', '--regions', ...REGIONS, '--template', fileOf(template, folder)]),
  ) as readonly {
    readonly Rule: { readonly Id: string };
    readonly Message: string;
    readonly Location: { readonly Path: readonly string[] };
  }[];
  return found.map(({ Rule, Message, Location }) => ({
    ...{ tool: 'cfn-lint' as const, rule: Rule.Id, message: Message },
    on: withoutHash(Location.Path[1] ?? ''),
  }));
};

/** Different kinds: the first one, a European one, an opt-in one, and those of other partitions. */
const REGIONS = ['us-east-1', 'eu-west-1', 'eu-south-2', 'cn-north-1', 'us-gov-west-1'];

const checkov: Linter = (venv, template, folder) => {
  const { results, summary } = JSON.parse(
    run(venv, 'checkov', [
      // Everything stays on this machine.
      ...['--skip-download', '--quiet', '--compact', '--output', 'json', '--framework', 'cloudformation'],
      ...['--file', fileOf(template, folder)],
    ]),
  ) as {
    readonly summary: { readonly passed: number; readonly parsing_errors: number };
    readonly results: {
      readonly failed_checks: readonly { check_id: string; check_name: string; resource: string }[];
    };
  };
  if (summary.passed === 0 || summary.parsing_errors > 0)
    throw new Error(`expected checkov to read the template, but got ${JSON.stringify(summary)}`);
  return results.failed_checks.map(({ check_id, check_name, resource }) => ({
    ...{ tool: 'checkov' as const, rule: check_id, message: check_name },
    on: withoutHash(resource.split('.').at(-1) ?? ''),
  }));
};

/** It reads single policies, with ARNs in them; who may take a role is none that it knows. */
const parliament: Linter = (venv, template, folder) => {
  const policies = join(folder, 'policies');
  mkdirSync(policies);
  for (const { id, Properties } of resolve(resourcesOf(template), PLACE)) {
    const document = Properties?.PolicyDocument ?? Properties?.KeyPolicy;
    if (document !== undefined) writeFileSync(join(policies, `${id}.json`), JSON.stringify(document));
  }
  return run(venv, 'parliament', ['--directory', policies, '--json'])
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const found = JSON.parse(line) as {
        issue: string;
        title: string;
        detail: unknown;
        location: { filepath: string };
      };
      return {
        ...{ tool: 'parliament' as const, rule: found.issue },
        message: `${found.title}: ${JSON.stringify(found.detail)}`,
        on: withoutHash(parse(found.location.filepath).name),
      };
    });
};

const PLACE: Place = {
  ...{ partition: 'aws', region: 'eu-west-1', account: '123456789012', stackName: 'runledger-prod' },
  refOf: (id, type) => (type === 'AWS::S3::Bucket' ? id.toLowerCase() : id),
};

export const LINTERS = { 'cfn-lint': cfnLint, checkov, parliament } as const satisfies Record<string, Linter>;

function fileOf(template: Template, folder: string): string {
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return file;
}

/** What a linter says on stdout; findings make it end with another code than 0, and so does a crash, which says nothing. */
function run(venv: string, command: string, args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(join(venv, 'bin', command), args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined || /Traceback/.test(stderr))
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}
