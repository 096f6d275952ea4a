import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Other people's linters over the templates of the stack: nothing set, and every option. A finding that is not accepted
 * in template-lint/accepted.ts fails, and so does one that is accepted and no longer occurs.
 */
await import('./build-functions.mjs');
const { installed, run } = await import('../test/aws/cache.ts');
const { python } = await import('../test/aws/requirements.ts');
const { ACCEPTED } = await import('./template-lint/accepted.ts');
const { judge } = await import('./template-lint/judge.ts');
const { LINTERS, PACKAGES } = await import('./template-lint/linters.ts');
const { STACKS } = await import('./template-lint/options.ts');
const { synthesizedTemplate } = await import('./template.ts');

const venv = installed(`template-linters-${PACKAGES.join('-').replaceAll('==', '-')}`, (folder) => {
  run(python(), ['-m', 'venv', folder]);
  run(join(folder, 'bin', 'pip'), ['install', '-q', '--disable-pip-version-check', ...PACKAGES]);
});
const totals = { passed: 0, failed: 0 };
function check(name, problems) {
  if (problems.length === 0) totals.passed += 1;
  else totals.failed += 1;
  console.log([`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`, ...problems].join('\n     '));
}

const all = [];
for (const [stack, options] of Object.entries(STACKS)) {
  const template = synthesizedTemplate(options);
  for (const [tool, lint] of Object.entries(LINTERS)) {
    const folder = mkdtempSync(join(tmpdir(), 'runledger-lint-'));
    try {
      const findings = lint(venv, template, folder);
      all.push(...findings);
      const { unaccepted } = judge(findings, ACCEPTED);
      check(
        `${tool}, ${stack}`,
        unaccepted.map(({ rule, on, message }) => `${rule} ${on}: ${message}`),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
const { unused } = judge(all, ACCEPTED);
for (const each of ACCEPTED) {
  const { tool, rule, on, reason } = each;
  const problem = `it no longer occurs on ${on}: take it out of scripts/template-lint/accepted.ts`;
  check(`${tool} ${rule} is accepted: ${reason}`, unused.includes(each) ? [problem] : []);
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
