import { contentHash } from '../adapters/content-hash.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { TokenStore } from '../core/ports/named-tokens.ts';
import { auditedTokens } from '../flows/record-act.ts';

/** The tokens of a folder, also while a process serves it: who made and ended them is written beside what that process keeps. */
export const recordedTokens = (tokens: TokenStore, dir: string, clock: Clock): TokenStore =>
  auditedTokens(tokens, { store: openObjectStore(dir), hash: contentHash, clock });
