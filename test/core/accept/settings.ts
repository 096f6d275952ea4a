import { hash } from 'node:crypto';
import type { AcceptSettings } from '../../../core/accept/settings.ts';

/** A ledger whose mask knows one word only, so that what is masked can be told from what is read. */
export const settings: AcceptSettings = {
  environment: 'local',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: (text) => text.replaceAll('hush', '[masked]'),
  hash: (content) => hash('sha256', content).slice(0, 32),
};
