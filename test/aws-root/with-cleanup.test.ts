import { expect, test } from 'vitest';
import { withCleanup } from '../../aws/with-cleanup.ts';

const fails = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} failed`);
};

test('cleaning up follows the work, whatever became of it', async () => {
  const done: string[] = [];
  const cleanUp = async () => done.push('cleaned up');
  expect(await withCleanup(async () => done.push('worked'), cleanUp)).toBe(1);
  await expect(withCleanup(fails('work'), cleanUp)).rejects.toThrow('work failed');
  expect(done).toEqual(['worked', 'cleaned up', 'cleaned up']);
});

test('the failure of the work is thrown, not that of cleaning up after it', async () => {
  await expect(withCleanup(fails('work'), fails('cleaning'))).rejects.toThrow('work failed');
});

test('when only cleaning up fails, that is thrown', async () => {
  await expect(withCleanup(async () => 1, fails('cleaning'))).rejects.toThrow('cleaning failed');
});
