import { counted } from '../../core/format.ts';
import { type Check, ok, warn } from './check.ts';

/** How many rejected lines wait for somebody. */
export const rejectionsCheck = (openCount: () => Promise<number>): Check => ({
  link: 'rejections',
  run: async () => {
    const open = await openCount();
    if (open === 0) return ok('none is open');
    const todo = '`rejections` says which and why: resend or dismiss them';
    return warn(`${counted(open, 'line')} could not be accepted`, todo);
  },
});
