import { expect, test } from 'vitest';
import { drain } from '../../flows/drain.ts';

/** Takes the lists one after the other; an error among them is thrown. */
const takes =
  (...lists: readonly (readonly string[] | Error)[]) =>
  async (): Promise<readonly string[]> => {
    const [next, ...others] = lists;
    lists = others;
    if (next instanceof Error) throw next;
    return next ?? [];
  };

test('a stage is done until it takes nothing', async () => {
  expect(await drain(takes(['a', 'b'], ['c'], [], ['not due yet']))).toEqual(['a', 'b', 'c']);
});

test('a stage that is told to stop takes no more', async () => {
  let asked = 0;
  expect(await drain(takes(['a'], ['b'], ['c']), () => asked++ === 2)).toEqual(['a', 'b']);
});

test('what was taken before a failure is known', async () => {
  const taken: string[] = [];
  await expect(drain(takes(['a'], new Error('the engine is away')), () => false, taken)).rejects.toThrow('is away');
  expect(taken).toEqual(['a']);
});
