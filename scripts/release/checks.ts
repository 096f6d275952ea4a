import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../test/aws/cache.ts';
import { unreleasedNotes } from './changelog.ts';
import { compareVersions, versionOf } from './versions.ts';

/** Runs git in a folder; what it says, trimmed. */
export const git = (root: string, ...args: readonly string[]): string => run('git', ['-C', root, ...args]).trim();

/** What a release is made of. */
export interface Plan {
  readonly version: string;
  readonly tag: string;
  /** What the tree says now. */
  readonly before: string;
  readonly branch: string;
  readonly notes: string;
}

/** Looks at a tree whether this version can be released of it. Throws one error that names everything that is wrong. */
export function planOf(root: string, version: string): Plan {
  const problems: string[] = [];
  const attempt = <T>(look: () => T): T | undefined => {
    try {
      return look();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const before = attempt(() => versionOf(root)) ?? '';
  attempt(() => {
    const dirty = git(root, 'status', '--porcelain').split('\n').filter(Boolean);
    if (dirty.length > 0)
      throw new Error(
        `expected nothing that is not committed, but got ${dirty.length}: ${dirty[0]}; commit or stash it`,
      );
  });
  const branch = git(root, 'rev-parse', '--abbrev-ref', 'HEAD');
  if (branch === 'HEAD')
    problems.push('expected a branch, but got a commit alone; check out the branch to release from');
  attempt(() => {
    const released = git(root, 'tag', '--list', 'v*')
      .split('\n')
      .map((tag) => tag.slice(1))
      .filter((each) => /^\d+\.\d+\.\d+$/.test(each));
    const latest = released.toSorted(compareVersions).at(-1);
    if (latest !== undefined && compareVersions(version, latest) <= 0)
      throw new Error(`expected a version newer than ${latest}, which was released, but got ${version}`);
    if (before !== '' && compareVersions(version, before) < 0)
      throw new Error(`expected a version not older than ${before}, which the tree has, but got ${version}`);
  });
  const notes = unreleasedNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  if (notes === undefined)
    problems.push('expected a section "## Unreleased" with what is new in CHANGELOG.md, but got none; write it');
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { version, tag: `v${version}`, before, branch, notes: notes ?? '' };
}
