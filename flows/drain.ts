/**
 * Does a stage until nothing is due, or until `stop()` says so. `take` does once what is due and resolves to what it
 * took; nothing taken means that nothing is due. Resolves to all that was taken, and rejects as soon as `take` does:
 * pass `taken` to know what was taken until then.
 */
export async function drain<Item>(
  take: () => Promise<readonly Item[]>,
  stop: () => boolean = () => false,
  taken: Item[] = [],
): Promise<readonly Item[]> {
  while (!stop()) {
    const some = await take();
    if (some.length === 0) break;
    taken.push(...some);
  }
  return taken;
}
