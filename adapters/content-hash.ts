import { hash } from 'node:crypto';
import type { AcceptSettings } from '../core/accept/settings.ts';

/** 128 bits of SHA-256, in hexadecimal: the identity of a line, so the same wherever it is accepted. */
export const contentHash: AcceptSettings['hash'] = (content) => hash('sha256', content).slice(0, 32);
