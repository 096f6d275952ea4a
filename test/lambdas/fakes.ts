import { hash } from 'node:crypto';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Counts, Report } from '../../aws/report.ts';
import type { AcceptSettings } from '../../core/accept/settings.ts';
import { maskOf } from '../../core/mask/mask.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';

export const settings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: maskOf(),
  hash: (content) => hash('sha256', content).slice(0, 32),
};

export const aLiveStore = (clock?: Clock): LiveStore => openLiveStore(':memory:', clock);

export interface Line {
  readonly what: string;
  readonly counts: Counts;
  readonly errors: readonly unknown[];
}

export function aReport(): Report & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const report: Report = (what, counts, errors = []) => {
    lines.push({ what, counts, errors });
  };
  return Object.assign(report, { lines });
}
