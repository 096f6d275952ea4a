import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Secrets, SecretUnavailableError } from '../../core/ports/secrets.ts';
import { secretFound, secretReferenceOf } from '../../core/secret.ts';
import { isMissingFile } from './missing-file.ts';

export interface LaptopSecrets {
  /** The environment variables that `env:` names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What paths of `file:` are relative to. */
  readonly folder: string;
}

/** Secrets of a laptop: in environment variables and files. */
export function openSecrets({ env, folder }: LaptopSecrets): Secrets {
  return {
    async read(reference) {
      const { kind, name } = secretReferenceOf(reference);
      if (kind === 'env') return secretFound(reference, env[name], `set the environment variable ${name}`);
      if (kind === 'file') return secretFound(reference, await contentOf(resolve(folder, name)), `write it to ${name}`);
      throw new SecretUnavailableError(
        `expected a secret of this computer, but got ${reference}; use env:NAME or file:PATH outside AWS`,
      );
    },
  };
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissingFile(cause)) return undefined;
    throw new SecretUnavailableError(
      `expected to read ${path}, but got ${cause instanceof Error && 'code' in cause ? cause.code : 'an error'}`,
      { cause },
    );
  }
}
