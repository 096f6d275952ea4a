import { dirname, join, resolve } from 'node:path';
import type { Found } from './found.ts';
import type { Surroundings } from './surroundings.ts';

/** The process itself: who runs it, from which commit, and whether cron started it. */
export function ofProcess(surroundings: Surroundings): Found {
  const env = surroundings.env();
  const folder = surroundings.folder();
  return {
    user: USER_VARIABLES.map((name) => env[name]).find((name) => name) ?? surroundings.account(),
    notebook_git_sha: shaIn(env) ?? (folder === undefined ? undefined : gitSha(folder, surroundings)),
    tags: isOfCron(surroundings) ? { platform: 'cron' } : undefined,
  };
}

const USER_VARIABLES = ['LOGNAME', 'USER', 'LNAME', 'USERNAME'];
const SHA_VARIABLES = ['GIT_SHA', 'GIT_COMMIT', 'GITHUB_SHA', 'CI_COMMIT_SHA', 'BITBUCKET_COMMIT', 'SOURCE_VERSION'];

const shaIn = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  SHA_VARIABLES.map((name) => env[name]).find((sha) => /^[0-9a-f]{7,64}$/.test(sha ?? ''));

/** Read from files: no command is run. */
function gitSha(from: string, { read }: Surroundings): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if (read(join(git, 'HEAD')) !== undefined) return headOf(git, read);
    // A worktree names its folder.
    const named = /^gitdir:(.*)/.exec(read(git) ?? '')?.[1]?.trim();
    if (named !== undefined) return headOf(resolve(folder, named), read);
    if (dirname(folder) === folder) return undefined;
  }
}

function headOf(git: string, read: Surroundings['read']): string | undefined {
  const head = read(join(git, 'HEAD'))?.trim();
  if (!head?.startsWith('ref:')) return head || undefined;
  const ref = head.slice('ref:'.length).trim();
  const common = resolve(git, read(join(git, 'commondir'))?.trim() ?? '.');
  const loose = read(join(git, ref)) ?? read(join(common, ref));
  if (loose !== undefined) return loose.trim();
  const packed = read(join(common, 'packed-refs'))?.split('\n') ?? [];
  return packed.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0];
}

const CRON = ['cron', 'crond', 'anacron', 'CRON'];

/** Whether cron is the parent, or the parent of the shell that is. */
function isOfCron({ parentId, read }: Surroundings): boolean {
  for (let pid = parentId, generation = 0; pid !== undefined && generation < 2; generation++) {
    const [, name = '', parent] = /\((.*)\) \S+ (\d+)/s.exec(read(`/proc/${pid}/stat`) ?? '') ?? [];
    if (CRON.includes(name)) return true;
    pid = parent === undefined ? undefined : Number(parent);
  }
  return false;
}
