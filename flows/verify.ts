import { type Chain, chainOf, isExpired, keptFromOf, type Problem, problemOf } from '../core/audit/chain.ts';
import type { SealedObject } from '../core/audit/manifest.ts';
import type { Seals, VerifyOptions, VerifyReport } from '../core/audit/verify-report.ts';
import { arrivalDateOf, FOLDERS } from '../core/object-keys.ts';
import { foundObject, type SealPorts, sealableKeys, storedManifests } from './seal-days.ts';

export interface VerifyPorts extends Pick<SealPorts, 'store' | 'sha256'> {
  /** What is deleted on purpose since the last seal. Default: what the manifests say. */
  readonly keptFrom?: SealPorts['keptFrom'] | undefined;
}

/** The chain alone. Reads the manifests, and no object. */
export async function readChain({ store, sha256 }: VerifyPorts, expected?: string): Promise<Chain> {
  const stored: { readonly day: string; readonly text: string }[] = [];
  for await (const manifest of storedManifests(store)) stored.push(manifest);
  return chainOf(stored, sha256, expected);
}

/**
 * Reads every object of the wanted days again and holds it against the manifests, and these against each other. Changes
 * nothing. `onProgress` is told how many of how many objects are done.
 */
export async function verify(
  ports: VerifyPorts,
  { from = '', to = '9999', expect }: VerifyOptions,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<VerifyReport> {
  const { manifests, problems: chainProblems, head } = await readChain(ports, expect);
  const problems: Problem[] = [...chainProblems];
  const isWanted = (key: string): boolean => {
    const day = arrivalDateOf(key) ?? '';
    return day >= from && day <= to;
  };
  const listed = new Set<string>();
  const late: { object: string; sealed_with: string }[] = [];
  const wanted: { readonly sealed: SealedObject; readonly day: string }[] = [];
  manifests.forEach(({ day, objects }, at) => {
    const before = manifests[at - 1]?.day ?? '';
    for (const sealed of objects) {
      if (listed.has(sealed.key)) continue;
      listed.add(sealed.key);
      if (!isWanted(sealed.key)) continue;
      wanted.push({ sealed, day });
      if ((arrivalDateOf(sealed.key) ?? '') <= before && !mayComeLate(sealed.key))
        late.push({ object: sealed.key, sealed_with: day });
    }
  });
  const keptFrom = { ...keptFromOf(manifests), ...(await ports.keptFrom?.()) };
  let verified = 0;
  let expired = 0;
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map(({ sealed }) => foundObject(ports, sealed.key)));
    some.forEach(({ sealed, day }, index) => {
      const problem = problemOf(sealed, found[index] ?? { missing: true }, day);
      if (problem === undefined) verified += 1;
      else if (problem.kind === 'missing' && isExpired(sealed.key, keptFrom)) expired += 1;
      else problems.push(problem);
    });
    onProgress(Math.min(at + AT_ONCE, wanted.length), wanted.length);
  }
  const last_day = manifests.at(-1)?.day ?? null;
  let waiting = 0;
  for await (const key of sealableKeys(ports.store)) {
    if (listed.has(key) || !isWanted(key) || (arrivalDateOf(key) ?? '') > (last_day ?? '')) continue;
    if (mayComeLate(key)) waiting += 1;
    else problems.push({ kind: 'added', object: key });
  }
  return {
    ...{ head, first_day: manifests[0]?.day ?? null, last_day, manifests: manifests.length },
    ...{ verified, expired, late, waiting, problems },
  };
}

/** Lines about an incident lie with its detection, and decisions about an object by its key, whenever they are made. */
const mayComeLate = (key: string): boolean =>
  key.startsWith(`${FOLDERS.incidents}/`) || key.startsWith(`${FOLDERS.decisions}/`);

/** Objects read at once: on AWS each is a request, on a laptop a file. */
const AT_ONCE = 32;

/** What is sealed in a store, to be proven. */
export const sealsOf = (ports: VerifyPorts): Seals => ({
  readChain: (expected) => readChain(ports, expected),
  verify: (options, onProgress) => verify(ports, options, onProgress),
});
