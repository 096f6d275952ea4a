/** Tests of processes run the bundles, as users do; the stack takes the code of its functions from theirs. */
export async function setup(): Promise<void> {
  await import('../scripts/build.mjs' as string);
  await import('../scripts/build-functions.mjs' as string);
}
