import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { git } from '../../scripts/release/checks.ts';
import { makeRelease, previewRelease } from '../../scripts/release/release.ts';
import { compareVersions, PLACES, versionOf } from '../../scripts/release/versions.ts';

let folder: string;
let root: string;
const said: string[] = [];

/** A clone with what a release touches, and a changelog that has something new. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-release-test-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true }));
  root = join(folder, 'clone');
  said.length = 0;
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  for (const file of [...new Set(PLACES.map((each) => each.file)), '.gitignore']) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(file, join(root, file));
  }
  writeFileSync(
    join(root, 'CHANGELOG.md'),
    '# Changes\n\n## Unreleased\n\n- Something is new.\n\n## 0.0.9\n\n- Old.\n',
  );
  git(root, 'init', '--quiet', '--initial-branch', 'main');
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.com');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'feat: something');
});

const options = (version = '99.0.0') => ({
  ...{ root, version, out: join(folder, 'out'), date: '2026-12-01' },
  say: (line: string) => void said.push(line),
});
/** Stands for the builds, which `test/package` runs. */
const build = (clone: string, out: string) => {
  mkdirSync(out);
  writeFileSync(join(out, 'version'), versionOf(clone));
  return ['version'];
};

test('every place of this tree says one version', () => {
  expect(versionOf('.')).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test('a dry run says what would be made, and changes nothing', () => {
  const head = git(root, 'rev-parse', 'HEAD');
  previewRelease(options());
  expect(said).toEqual([
    expect.stringMatching(/^v99\.0\.0 from main \(the tree says \d+\.\d+\.\d+\), of 2026-12-01$/),
    'notes: 1 lines from CHANGELOG.md',
    `artifacts: ${join(folder, 'out')}`,
  ]);
  expect([git(root, 'rev-parse', 'HEAD'), git(root, 'status', '--porcelain'), git(root, 'tag')]).toEqual([
    head,
    '',
    '',
  ]);
});

test('a release is a commit, a tag with the notes, and artifacts that say its version', () => {
  makeRelease({ ...options(), build });
  expect(git(root, 'log', '-1', '--format=%s')).toBe('chore: release 99.0.0');
  expect(git(root, 'rev-parse', 'v99.0.0^{commit}')).toBe(git(root, 'rev-parse', 'main'));
  expect(git(root, 'tag', '--list', '--format=%(contents)', 'v99.0.0')).toBe('99.0.0\n\n- Something is new.');
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(versionOf(root)).toBe('99.0.0');
  expect(readFileSync(join(folder, 'out', 'version'), 'utf8')).toBe('99.0.0');
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toBe(
    '# Changes\n\n## Unreleased\n\n## 99.0.0, 2026-12-01\n\n- Something is new.\n\n## 0.0.9\n\n- Old.\n',
  );
  expect(said.at(-1)).toBe('to publish it: git push origin main v99.0.0');
  rmSync(join(folder, 'out'), { recursive: true });
  expect(() => previewRelease(options('99.0.1'))).toThrow('expected a section "## Unreleased"');
});

test('a build that fails leaves nothing behind', () => {
  const failing = (_: string, out: string) => {
    mkdirSync(out);
    throw new Error('no room');
  };
  expect(() => makeRelease({ ...options(), build: failing })).toThrow('no room');
  expect([existsSync(join(folder, 'out')), git(root, 'tag'), git(root, 'log', '--format=%s')]).toEqual([
    ...[false, '', 'feat: something'],
  ]);
});

test('everything that keeps a release from being made is said at once', () => {
  writeFileSync(join(root, 'CHANGELOG.md'), '# Changes\n\n## 0.1.0\n\n- Old.\n');
  writeFileSync(join(root, 'stray'), '');
  writeFileSync(join(root, 'clients/sh/runledger-exec'), '"name":"runledger-exec","version":"7.7.7"');
  git(root, 'tag', 'v98.0.0');
  expect(() => previewRelease(options('97.0.0'))).toThrow(
    new RegExp(
      [
        'expected \\S+ everywhere, as package.json has it, but got others in clients/sh/runledger-exec \\(7\\.7\\.7\\); make them equal',
        'expected nothing that is not committed, but got 3: .*; commit or stash it',
        'expected a version newer than 98\\.0\\.0, which was released, but got 97\\.0\\.0',
        'expected a section "## Unreleased" with what is new in CHANGELOG\\.md, but got none; write it',
      ].join('\n'),
    ),
  );
});

test.each(['1', '1.2', 'v1.2.3', '1.2.3-rc.1', '01.2.3', ''])('"%s" is no version', (version) => {
  expect(() => previewRelease(options(version))).toThrow(`expected a version such as 0.2.0, but got ${version}`);
});

test('versions are compared by number; one that is older than the tree is refused', () => {
  expect(['0.10.0', '0.9.0', '0.9.10', '0.9.9'].toSorted(compareVersions)).toEqual([
    ...['0.9.0', '0.9.9', '0.9.10', '0.10.0'],
  ]);
  expect(() => previewRelease(options('0.0.1'))).toThrow('expected a version not older than');
});
