import type { AwsPorts } from '../../aws/ports.ts';
import { counted, instantShown } from '../../core/format.ts';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { WRITERS } from '../../core/table-writers.ts';
import { type Check, fail, ok, warn } from '../doctor/check.ts';

/** The lake: who writes it, and whether its tables are as they should be. */
export const lakeChecks = (
  { leaseOf, inspectTables }: Pick<AwsPorts, 'leaseOf' | 'inspectTables'>,
  clock: Clock,
): readonly Check[] => [
  ...WRITERS.map(
    (name): Check => ({
      link: `writer of ${name}`,
      run: async () => {
        const lease = await leaseOf(name);
        if (lease === null || lease.held_until_ms === 0) return ok('free');
        const until = instantShown(instantOf(lease.held_until_ms));
        return lease.held_until_ms > epochMsOf(clock.now())
          ? ok(`at work (${lease.holder}), until ${until} UTC at most`)
          : warn(
              `${lease.holder} did not give it back at ${until} UTC: it was ended in its work`,
              'the next writer takes it over; if this comes back, read the log of the function',
            );
      },
    }),
  ),
  { link: 'tables', run: async () => tablesFinding(await inspectTables()) },
];

function tablesFinding({ missing, missing_columns, alterations }: Awaited<ReturnType<AwsPorts['inspectTables']>>) {
  const findings = [
    ...alterations.map((each) =>
      fail(
        `altered by hand: ${each}`,
        'change it back, or rename the table so that it is made anew, then deploy again',
      ),
    ),
    ...missing.map((name) => fail(`${name} is missing`, 'deploy the stack again, then rebuild')),
    ...(missing_columns.length === 0
      ? []
      : [
          fail(
            `${counted(missing_columns.length, 'column')} missing: ${missing_columns.join(', ')}`,
            'deploy the stack with this version: it adds them',
          ),
        ]),
  ];
  return findings.length === 0 ? ok('as they were made, every column there') : findings;
}
