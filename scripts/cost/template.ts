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

/** Synthesises the stack with its default options, without bundling, and reads the resources of its template. */
export function synthesizedResources(): readonly Resource[] {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-cost-'));
  try {
    const context = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: context },
      encoding: 'utf8',
    });
    const template = readdirSync(folder).find((file) => file.endsWith('.template.json'));
    if (status !== 0 || template === undefined) throw new Error(`expected the stack to synthesise, but got ${stderr}`);
    const { Resources } = JSON.parse(readFileSync(join(folder, template), 'utf8')) as {
      readonly Resources: Readonly<Record<string, Omit<Resource, 'id'>>>;
    };
    return Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
