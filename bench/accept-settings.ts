import { contentHash } from '../adapters/content-hash.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { maskOf } from '../core/mask/mask.ts';

/** Accept as a ledger does it that nobody configured. */
export const acceptSettings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  mask: maskOf(),
  hash: contentHash,
};
