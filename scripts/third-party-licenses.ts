import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** What may be passed on by keeping its notice, and asks nothing else of who uses it. */
const PERMISSIVE = new Set([
  // Of date-holidays: its code is ISC, the dates it took from Wikipedia ask to be attributed, as the file of licenses does.
  '(ISC AND CC-BY-3.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Permissive, and without asking that the notice is kept: their packages may bring no text. */
const NOTICE_FREE = new Map(['0BSD', 'MIT-0'].map((license) => [license, `${license}: no notice is asked for.`]));

/** Packages that name their license and holder, but bring no text: the text of their repository, or of their author's other package. */
const SUPPLIED: Readonly<Record<string, string>> = {
  '@bomb.sh/tab': 'bombshell.txt',
  '@middy/core': 'middy.txt',
  '@middy/util': 'middy.txt',
  'emitter-listener': 'norvell.txt',
};

export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt';

interface BundledPackage {
  /** `name version (license)`, as the file lists it. */
  readonly title: string;
  /** The repository that its manifest names, and its license: packages that share both share their text. */
  readonly origin: string;
  /** License, then notice, as the package brings them; undefined when it lacks a text that its license asks for. */
  readonly text: string | undefined;
}

/**
 * The licenses of every package that has code in a bundle, each text once, under the packages it is of. A package
 * that brings no text, as some of the AWS SDK do, is under the text of its siblings from the same repository.
 *
 * @param outputs of esbuild's metafile
 * @param folder which esbuild worked in: the metafile's paths are relative to it
 * @throws Error that names a package without a license text, or with a license that is not permissive
 */
export function thirdPartyLicenses(outputs: Metafile['outputs'], folder: string): string {
  const packages = packagesIn(outputs, folder).map(readPackage);
  const titles = new Map<string, Set<string>>();
  for (const { title, origin, text } of packages) {
    const known = text ?? packages.find((other) => other.origin === origin && other.text !== undefined)?.text;
    if (known === undefined) throw new Error(`${title} is bundled: expected a license text in the package, got none`);
    titles.set(known, (titles.get(known) ?? new Set()).add(title));
  }
  const parts = [...titles].map(([text, those]) => `${[...those].sort().join('\n')}\n\n${text}\n`).sort();
  return ['Runledger contains code of the packages below, under their licenses.\n', ...parts].join(`\n${RULE}\n`);
}

const RULE = '='.repeat(80);

/** Folders of the packages that have at least one byte in an output. */
function packagesIn(outputs: Metafile['outputs'], folder: string): readonly string[] {
  const found = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const path = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(resolve(folder, input).replaceAll('\\', '/'))?.[1];
      if (bytesInOutput > 0 && path !== undefined) found.add(path);
    }
  }
  return [...found].sort();
}

function readPackage(path: string): BundledPackage {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const title = `${name} ${version} (${license})`;
  if (!PERMISSIVE.has(license)) {
    throw new Error(`${title} is bundled: expected a license of ${[...PERMISSIVE].join(', ')}, got ${license}`);
  }
  const files = readdirSync(path).sort();
  const textOf = (file: string): string => readFileSync(join(path, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const licenses = files.filter((file) => /^(licen[cs]e|copying)/i.test(file)).map(textOf);
  const notices = files.filter((file) => /^notice/i.test(file)).map(textOf);
  return {
    title,
    origin: `${repository?.url ?? repository ?? name} ${license}`,
    text: licenses.length > 0 ? [...licenses, ...notices].join('\n\n') : (supplied(name) ?? NOTICE_FREE.get(license)),
  };
}

function supplied(name: string): string | undefined {
  const file = SUPPLIED[name];
  return file && readFileSync(new URL(`license-texts/${file}`, import.meta.url), 'utf8').trim();
}
