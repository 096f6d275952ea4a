import type { Manifest } from './read-manifests.ts';

export interface Check {
  readonly dataset: string;
  readonly check_name: string;
  readonly success: boolean;
  readonly severity: 'info' | 'warn' | 'error';
  readonly expected: string;
  readonly actual: string;
  readonly records_checked: number;
  readonly records_failed: number;
}

/** Checks the manifests. No finding makes the inventory wrong, so none fails the run. */
export function checksOf(manifests: readonly Manifest[]): readonly Check[] {
  const versions = new Map<string, Set<string | null>>();
  for (const { name, version } of manifests) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const count = (isWrong: (manifest: Manifest) => boolean): number => manifests.filter(isWrong).length;
  return [
    check(
      'version_present',
      'error',
      'every package has a version',
      manifests.length,
      count((one) => one.version === null),
    ),
    check(
      'licence_present',
      'warn',
      'every package names its licence',
      manifests.length,
      count((one) => one.licence === null),
    ),
    check(
      'one_version_per_package',
      'info',
      'no package is installed in several versions',
      versions.size,
      [...versions.values()].filter((each) => each.size > 1).length,
    ),
  ];
}

function check(
  check_name: string,
  severity: Check['severity'],
  expected: string,
  records_checked: number,
  records_failed: number,
): Check {
  const actual = records_failed === 0 ? 'so it is' : `${records_failed} of ${records_checked} differ`;
  const success = records_failed === 0;
  return { dataset: 'manifests', check_name, success, severity, expected, actual, records_checked, records_failed };
}
