/**
 * Does the work, then cleans up whatever became of it. When both fail, the failure of the work is thrown: it is the
 * cause, and the other one often only its consequence. When only cleaning up fails, that is thrown.
 */
export async function withCleanup<Result>(
  work: () => Promise<Result>,
  cleanUp: () => Promise<unknown>,
): Promise<Result> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
  return result;
}
