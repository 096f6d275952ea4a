import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Packed {
  /** The tarball. */
  readonly file: string;
  /** What it holds, as paths inside the package. */
  readonly paths: readonly string[];
}

/** What `npm pack --json` says of one tarball. */
interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** A clean clone of this tree and an empty folder beside it that installs what the clone packs. */
export class PackageBench implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'runledger-package-'));
  readonly clone = join(this.#root, 'clone');
  readonly host = join(this.#root, 'host');

  constructor() {
    const ignored = readFileSync('.gitignore', 'utf8').split('\n');
    const absent = new Set(['.git', ...ignored.map((line) => line.replace(/\/$/, ''))]);
    cpSync('.', this.clone, { recursive: true, filter: (path) => !absent.has(basename(resolve(path))) });
    symlinkSync(resolve('node_modules'), join(this.clone, 'node_modules'), 'dir');
    mkdirSync(this.host);
    writeFileSync(join(this.host, 'package.json'), '{ "private": true }\n');
  }

  async pack(folder: string): Promise<Packed> {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', this.#root], join(this.clone, folder));
    // A list in some versions of npm, an object by name in others.
    const [packed] = Object.values<PackReport>(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
    if (packed === undefined) throw new Error(`npm pack in ${folder}: expected one tarball, got none`);
    return { file: join(this.#root, packed.filename), paths: packed.files.map(({ path }) => path).sort() };
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** Runs a command to its end on the Node of the tests; rejects with its output when it fails. */
export const run = (
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ stdout: string; stderr: string }> =>
  execute(command, args, {
    cwd,
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
    maxBuffer: 64 * 1024 * 1024,
  });
