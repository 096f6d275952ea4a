/** Tests of processes run the bundles, as users do. */
export async function setup(): Promise<void> {
  await import('../scripts/build.mjs' as string);
}
