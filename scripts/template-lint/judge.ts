import type { Accepted } from './accepted.ts';
import type { Finding } from './finding.ts';

/** Findings that are not accepted, and what is accepted but did not occur. */
export function judge(findings: readonly Finding[], accepted: readonly Accepted[]) {
  const covers = (each: Accepted, { tool, rule, on }: Finding) =>
    each.tool === tool && each.rule === rule && each.on.test(on);
  return {
    unaccepted: findings.filter((finding) => !accepted.some((each) => covers(each, finding))),
    unused: accepted.filter((each) => !findings.some((finding) => covers(each, finding))),
  };
}
