import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of CloudFormation's own shape.
  readonly Properties: any;
}

/** The stack's resources by logical id, as these options make them. */
export function synthesize(options: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, Resource>> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-synth-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ ...flags(), ...options }) },
      encoding: 'utf8',
    });
    const template = readdirSync(folder).find((file) => file.endsWith('.template.json'));
    if (status !== 0 || template === undefined) throw new Error(`expected the stack to synthesise, but got ${stderr}`);
    return JSON.parse(readFileSync(join(folder, template), 'utf8')).Resources;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The CDK's flags in cdk.json, which decide how policies are written. */
const flags = (): object => JSON.parse(readFileSync('cdk.json', 'utf8')).context;
