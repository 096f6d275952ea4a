import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Resource {
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of CloudFormation's own shape.
  readonly Properties: any;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Omit<Resource, 'id'>>>;
}

/** The resources of the stack with these options, in place of the defaults. */
export const synthesizedResources = (options?: Readonly<Record<string, unknown>>): readonly Resource[] =>
  resourcesOf(synthesizedTemplate(options));

export const resourcesOf = ({ Resources }: Template): readonly Resource[] =>
  Object.entries(Resources).map(([id, resource]) => ({ ...resource, id }));

/** Synthesises the stack with these options, in place of the defaults, and reads its template. */
export function synthesizedTemplate(options: Readonly<Record<string, unknown>> = {}): Template {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-template-'));
  try {
    // The CDK's flags decide how policies are written.
    const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context as object;
    const context = JSON.stringify({ ...flags, ...options });
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: context },
      encoding: 'utf8',
    });
    const template = readdirSync(folder).find((file) => file.endsWith('.template.json'));
    if (status !== 0 || template === undefined) throw new Error(`expected the stack to synthesise, but got ${stderr}`);
    return JSON.parse(readFileSync(join(folder, template), 'utf8')) as Template;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
