import { contentHash } from '../adapters/content-hash.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { maskOf } from '../core/mask/mask.ts';

/** The settings of accept in a ledger with default options. */
export const acceptSettings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: maskOf(),
  hash: contentHash,
};
