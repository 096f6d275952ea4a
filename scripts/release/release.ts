import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { releasedChangelog } from './changelog.ts';
import { git, type Plan, planOf } from './checks.ts';
import { writeVersion } from './versions.ts';

export interface ReleaseOptions {
  /** The clone to release from. */
  readonly root: string;
  readonly version: string;
  /** Where the artifacts go: a folder that is not there yet. */
  readonly out: string;
  /** The date of the release, `2026-12-01`. */
  readonly date: string;
  readonly say: (line: string) => void;
  /** Builds what is released; a test may do with less. */
  readonly build?: (root: string, out: string) => readonly string[];
}

/** Says what a release would do. Throws when it cannot be made. */
export function previewRelease({ root, version, out, date, say }: Omit<ReleaseOptions, 'build'>): Plan {
  const plan = planOf(root, version);
  if (existsSync(out)) throw new Error(`expected ${out} not to be there, but it is; remove it, or name another --out`);
  say(`${plan.tag} from ${plan.branch} (the tree says ${plan.before}), of ${date}`);
  say(`notes: ${plan.notes.split('\n').length} lines from CHANGELOG.md`);
  say(`artifacts: ${out}`);
  return plan;
}

/**
 * Makes a release: version, changelog, commit, tag and artifacts, in a clone of its own. The branch and the tag come back
 * when everything was made; when something fails, nothing is changed. Nothing is pushed, and nothing published.
 */
export function makeRelease({ build = buildArtifacts, ...options }: ReleaseOptions): readonly string[] {
  const { root, out, date, say } = options;
  const { version, tag, branch, notes } = previewRelease(options);
  const folder = mkdtempSync(join(tmpdir(), 'runledger-release-'));
  try {
    const clone = join(folder, 'clone');
    git(root, 'clone', '--quiet', '--branch', branch, root, clone);
    for (const name of ['user.name', 'user.email']) git(clone, 'config', name, git(root, 'config', name));
    symlinkSync(resolve(root, 'node_modules'), join(clone, 'node_modules'), 'dir');
    writeVersion(clone, version);
    const changelog = join(clone, 'CHANGELOG.md');
    writeFileSync(changelog, releasedChangelog(readFileSync(changelog, 'utf8'), version, date));
    git(clone, 'commit', '--quiet', '--all', '--message', `chore: release ${version}`);
    git(clone, 'tag', '--annotate', tag, '--cleanup=verbatim', '--message', `${version}\n\n${notes}\n`);
    const files = build(clone, out);
    git(root, 'fetch', '--quiet', clone, `refs/tags/${tag}:refs/tags/${tag}`);
    git(root, 'merge', '--quiet', '--ff-only', tag);
    for (const file of files) say(`  ${file}`);
    say(`to publish it: git push origin ${branch} ${tag}`);
    return files;
  } catch (error) {
    rmSync(out, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
