import { randomUUID } from 'node:crypto';
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { epochMsOf } from '../../core/instant.ts';
import { TOKENS_PREFIX } from '../../core/object-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { NamedTokens, TokenStore } from '../../core/ports/named-tokens.ts';
import { type KeptToken, type TokenSecrets, tokenOf } from '../../core/token/kept-token.ts';
import { nameInSecret, type Revocation } from '../../core/token/named-token.ts';
import { makeFolder, syncFolder, writeThrough } from './durable.ts';
import { isMissingFile } from './missing-file.ts';
import {
  type FoundToken,
  readRevokedFiles,
  readTokenFile,
  readTokenFiles,
  revokedPath,
  tokenPath,
} from './token-file.ts';

export interface TokenFilesOptions {
  /** The folder of the ledger. */
  readonly dir: string;
  readonly clock: Clock;
  readonly secrets: TokenSecrets;
  /** Called once with each thing that cannot be read. */
  readonly onError: (error: unknown) => void;
}

/** A folder may change again within this time without another time of change: file systems count in steps, up to seconds. */
const SETTLED_MS = 3_000;

/**
 * Named tokens, each in a file of its own: processes that make and revoke tokens at once need no lock, and a damaged file
 * does not take the others with it. A file comes and goes whole, so the folder's time of change says when to read again.
 */
export function openTokenFiles({ dir, clock, secrets, onError }: TokenFilesOptions): NamedTokens & TokenStore {
  const folder = join(dir, TOKENS_PREFIX);
  const told = new Set<string>();
  let known: ReadonlyMap<string, KeptToken> = new Map();
  let settledAt: bigint | undefined;
  let areNeeded = false;

  const tell = (problem: string): void => {
    if (told.has(problem)) return;
    told.add(problem);
    onError(new Error(problem));
  };

  /** What cannot be read just now stays as it was read last: a failing disk neither lets anybody in nor shuts callers out. */
  function refresh(): void {
    try {
      const { mtimeNs, mtimeMs } = statSync(folder, { bigint: true });
      areNeeded = true;
      if (mtimeNs === settledAt) return;
      const found = readTokenFiles(folder);
      known = new Map(found.flatMap((each) => entryOf(each, known)));
      const isWhole = found.every((each) => 'file' in each || each.isDamaged);
      const ageMs = epochMsOf(clock.now()) - Number(mtimeMs);
      settledAt = isWhole && ageMs > SETTLED_MS ? mtimeNs : undefined;
      for (const each of found) if ('problem' in each) tell(each.problem);
    } catch (error) {
      if (isMissingFile(error)) {
        // Whoever removed the folder revoked every token. Only a restart opens the server to all again.
        known = new Map();
        return;
      }
      areNeeded = true;
      tell(`cannot read the named tokens, so those read last still hold: ${errorMessage(error)}`);
    }
  }

  return {
    areNeeded: () => {
      if (!areNeeded) refresh();
      return areNeeded;
    },
    ofSecret: async (secret) => {
      refresh();
      const file = known.get(nameInSecret(secret) ?? '');
      return secrets.isOf(file, secret) ? tokenOf(file) : undefined;
    },
    list: async () => {
      const found = unlessMissing(() => readTokenFiles(folder)) ?? [];
      const tokens = found.flatMap((each) => ('file' in each ? [tokenOf(each.file)] : []));
      const isThere = new Set(found.map(({ name }) => name));
      return {
        tokens,
        revoked: (unlessMissing(() => readRevokedFiles(folder)) ?? []).filter(({ name }) => !isThere.has(name)),
        problems: found.flatMap((each) => ('problem' in each ? [each.problem] : [])),
      };
    },
    create: async (token, secret) => {
      const text = `${JSON.stringify(secrets.keep(token, secret))}\n`;
      makeFolder(folder);
      const temporary = join(folder, `.tmp-${randomUUID()}`);
      await writeThrough(temporary, text);
      try {
        // Unlike a rename, a link never replaces a file.
        linkSync(temporary, tokenPath(folder, token.name));
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
        throw error;
      } finally {
        rmSync(temporary, { force: true });
        syncFolder(folder);
      }
    },
    revoke: async (name, by) => {
      const found = unlessMissing(() => readTokenFile(folder, name));
      const isGone = unlessMissing(() => {
        rmSync(tokenPath(folder, name));
        syncFolder(folder);
        return true;
      });
      if (isGone === undefined) return false;
      // The token is gone first: what cannot be noted must not keep it alive.
      if (found !== undefined && 'file' in found) await noteRevoked(found.file, by);
      return true;
    },
  };

  async function noteRevoked(file: KeptToken, { at, who }: Revocation): Promise<void> {
    const temporary = join(folder, `.tmp-${randomUUID()}`);
    await writeThrough(temporary, `${JSON.stringify({ ...tokenOf(file), revoked_at: at, revoked_by: who })}\n`);
    renameSync(temporary, revokedPath(folder, file.name));
    syncFolder(folder);
  }
}

function entryOf(found: FoundToken, known: ReadonlyMap<string, KeptToken>): readonly (readonly [string, KeptToken])[] {
  const file = 'file' in found ? found.file : found.isDamaged ? undefined : known.get(found.name);
  return file === undefined ? [] : [[found.name, file]];
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}
