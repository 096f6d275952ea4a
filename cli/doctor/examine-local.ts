import { accessSync, constants, statfsSync } from 'node:fs';
import { errorMessage } from '../../core/error-message.ts';
import { counted } from '../../core/format.ts';
import type { RawFindings } from '../../core/objects/raw-findings.ts';
import type { Trouble } from '../../ledger/trouble.ts';
import { VERSION } from '../../ledger/version.ts';
import { openRejectionCount } from '../ingest/rejected-lines.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger, OpenLedger, Target } from '../opened-ledger.ts';
import { bytesShown } from '../screen/format.ts';
import { type Check, type Finding, fail, ok, type Result, runChecks, warn } from './check.ts';
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
  const { where, summary, inspect } = ledger;
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
        const found = `${isServed ? `serves at ${where}` : `nobody serves ${where}; it was opened for this look`}, version ${version}, ${counted(runs ?? 0, 'run')}`;
        return version === VERSION
          ? ok(found)
          : warn(`${found}, but this program is ${VERSION}`, 'start the ledger again with this version');
      },
    },
    { link: 'folder', run: async () => folderFinding((await known).data_dir, isServed) },
    { link: 'ingest', run: async () => ingestFindings((await inspect?.())?.lands !== false, (await known).troubles) },
    { link: 'raw files', run: async () => rawFindings((await inspect?.())?.raw) },
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

/** Whatever is in trouble is named, also where lines are landed all the same. */
function ingestFindings(lands: boolean, troubles: readonly Trouble[]): readonly Result[] {
  const found = troubles.map(({ part, cause, since }) =>
    fail(
      `${part}: ${cause} (since ${since})`,
      'what it holds is kept and tried again by itself: mend what the message says, and look again',
    ),
  );
  return lands ? [ok('lines can be landed'), ...found] : found;
}

const NAMED = 10;

function rawFindings(raw: RawFindings | undefined): readonly Result[] {
  if (raw === undefined) return [ok('not looked at: the ledger is of another version')];
  const { missing, changed, unrecorded } = raw;
  const found = [
    ...missing
      .slice(0, NAMED)
      .map((object) => fail(`${object} is recorded, and gone`, 'put it back: without it the tables cannot be rebuilt')),
    ...changed
      .slice(0, NAMED)
      .map(({ object, recorded_bytes, found_bytes }) =>
        fail(
          `${object} has ${bytesShown(found_bytes)} where ${bytesShown(recorded_bytes)} landed`,
          'restore it: raw files never change once they are sealed',
        ),
      ),
    ...(unrecorded.length === 0
      ? []
      : [
          warn(
            `${counted(unrecorded.length, 'raw file')} not recorded, the first ${unrecorded[0]}`,
            'they are taken in within a day, or when the ledger starts again',
          ),
        ]),
  ];
  const left = missing.length + changed.length - found.length + (unrecorded.length === 0 ? 0 : 1);
  if (found.length === 0) return [ok(`${counted(raw.objects, 'file')}, all as recorded`)];
  return left > 0 ? [...found, fail(`${left} more like these`, 'they are named once these are mended')] : found;
}
