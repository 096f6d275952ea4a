import { accessSync, constants, statfsSync } from 'node:fs';
import { errorMessage } from '../../core/error-message.ts';
import { counted } from '../../core/format.ts';
import { VERSION } from '../../ledger/version.ts';
import { openRejectionCount } from '../ingest/rejected-lines.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger, OpenLedger, Target } from '../opened-ledger.ts';
import { bytesShown } from '../screen/format.ts';
import { type Check, type Finding, fail, ok, runChecks, warn } from './check.ts';
import { objectChecks } from './object-checks.ts';
import { rejectionsCheck } from './rejections-check.ts';

/** Too little for a segment, the engine's spill and a rebuild beside the tables. */
const LITTLE_BYTES = 1_000_000_000;

/** Looks at a ledger on this machine, or at one that is served. */
export async function examineLocal(
  open: OpenLedger,
  target: Target,
  io: Pick<Io, 'clock'>,
): Promise<readonly Finding[]> {
  let ledger: OpenedLedger;
  try {
    ledger = await open(target, 'read');
  } catch (error) {
    return [{ link: 'ledger', ...fail(errorMessage(error), 'then look again') }];
  }
  try {
    return await runChecks(checksOf(ledger, io));
  } finally {
    await ledger.close();
  }
}

function checksOf(ledger: OpenedLedger, { clock }: Pick<Io, 'clock'>): readonly Check[] {
  const { where, summary } = ledger;
  if (summary === undefined) throw new Error('expected a ledger that tells where it stands');
  const isServed = /^https?:/.test(where);
  const known = summary();
  // Each link that needs it says why it cannot be had.
  known.catch(() => undefined);
  return [
    {
      link: 'ledger',
      run: async () => {
        const { version, runs } = await known;
        const found = `${isServed ? `serves at ${where}` : `nobody serves ${where}; it was opened for this look`}, version ${version}, ${counted(runs, 'run')}`;
        return version === VERSION
          ? ok(found)
          : warn(`${found}, but this program is ${VERSION}`, 'start the ledger again with this version');
      },
    },
    { link: 'folder', run: async () => folderFinding((await known).data_dir, isServed) },
    ...objectChecks({ summary: () => known, now: () => clock.now(), where: 'what the ledger printed' }),
    rejectionsCheck(() => openRejectionCount(ledger)),
  ];
}

function folderFinding(dir: string, isServed: boolean) {
  try {
    accessSync(dir, constants.W_OK);
  } catch (error) {
    // That of a ledger on another machine is not here.
    if (isServed) return ok(`${dir}, where it is served`);
    return fail(
      `${dir} cannot be written: ${errorMessage(error)}`,
      'let this user write it, or choose another with --data',
    );
  }
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const found = `${dir} can be written, ${bytesShown(free)} free`;
  return free < LITTLE_BYTES ? warn(found, 'make room: a full disk refuses events') : ok(found);
}
