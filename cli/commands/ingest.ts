import type { Command } from 'commander';
import { errorMessage } from '../../core/error-message.ts';
import { counted, countShown } from '../../core/format.ts';
import type { IngestCounts } from '../../core/ports/event-sink.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { openSource, type Source } from '../ingest/open-source.ts';
import { type Progress, progressOf } from '../ingest/progress.ts';
import { MAX_LINE_BYTES, recordsOf } from '../ingest/records.ts';
import { type Sent, sendAll } from '../ingest/send-all.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { bytesShown } from '../screen/format.ts';

/** Adds the command `ingest`. */
export function addIngest(program: Command, context: Context): void {
  const command = program
    .command('ingest <file...>')
    .summary('send files of events')
    .description('Sends files of events: one JSON object per line, plain or gzip; `-` is standard input.')
    .option('--json', 'print the counts as JSON')
    .action((files: readonly string[], options: Target & { readonly json?: true }) => ingest(context, files, options));
  example(withTarget(command), 'runledger ingest events.ndjson more.ndjson.gz', 'zcat old/*.gz | runledger ingest -');
}

async function ingest(
  context: Context,
  files: readonly string[],
  options: Target & { readonly json?: true },
): Promise<void> {
  const { io, out, err } = context;
  const sources = files.map((file) => openSource(file, io.stdin));
  const problems: string[] = [];
  let acceptsLater = false;
  const total = await withLedger(context, options, 'write', async (ledger) => {
    acceptsLater = ledger.acceptsLater === true;
    const progress = progressOf(io.stderr, totalOf(sources));
    let sum: IngestCounts = { received: 0, accepted: 0, rejected: 0 };
    try {
      for (const source of sources) {
        const { counts, failure } = await sendFile(context, ledger, source, progress, sum.received, problems);
        sum = add(sum, counts);
        if (failure?.of === 'ledger') break;
      }
    } finally {
      progress.stop();
    }
    return sum;
  });
  if (options.json) printJson(context, acceptsLater ? { sent: total.received } : total);
  else if (acceptsLater) {
    out.line(`${counted(total.received, 'line')} sent`);
    err.line(
      err.paint(
        'dim',
        `they are accepted on their way and in the runs in a minute or two; ${io.program} rejections lists those that were not`,
      ),
    );
  } else {
    out.line(
      `${counted(total.received, 'line')} received, ${countShown(total.accepted)} accepted, ${countShown(total.rejected)} rejected`,
    );
    if (total.rejected > 0) err.line(err.paint('dim', `why they were rejected: ${io.program} rejections`));
  }
  if (problems.length > 0) throw new Stop(EXIT.failure, problems.join('\n'));
}

async function sendFile(
  { io, err }: Context,
  ledger: OpenedLedger,
  source: Source,
  progress: Progress,
  before: number,
  problems: string[],
): Promise<Sent> {
  let tooLong = 0;
  const { maxLineBytes = MAX_LINE_BYTES } = ledger;
  const onTooLong = () => {
    tooLong += 1;
  };
  const records = recordsOf(source.read(progress.read), { maxLineBytes, onTooLong });
  const sent = await sendAll(ledger, records, io.pause, {
    onSent: ({ received }) => progress.taken(before + received),
    onWaiting: (why) => err.line(`waiting: ${why.message}`),
  });
  if (tooLong > 0)
    problems.push(
      `${source.name}: ${counted(tooLong, 'line')} longer than ${bytesShown(maxLineBytes)} left out; keep large payloads in a file and send its path`,
    );
  const { counts, failure } = sent;
  const taken = `${counted(counts.received, 'line')} ${counts.received === 1 ? 'was' : 'were'} taken`;
  if (failure?.of === 'source') problems.push(`${source.name} ${problemOf(failure.error)}; ${taken}`);
  if (failure?.of === 'ledger') {
    problems.push(
      `${errorMessage(failure.error)}\n${taken} of ${source.name} before that; send it again, what was taken is not counted twice`,
    );
  }
  return sent;
}

/** zlib's words are for programmers. */
function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'ends early: it is a gzip file of which the rest is missing';
  if (code === 'Z_DATA_ERROR') return `is damaged: it cannot be gunzipped further (${errorMessage(error)})`;
  return `cannot be read: ${errorMessage(error)}`;
}

const totalOf = (sources: readonly Source[]): number | undefined =>
  sources.reduce<number | undefined>(
    (sum, { sizeBytes }) => (sum === undefined || sizeBytes === undefined ? undefined : sum + sizeBytes),
    0,
  );

const add = (a: IngestCounts, b: IngestCounts): IngestCounts => ({
  received: a.received + b.received,
  accepted: a.accepted + b.accepted,
  rejected: a.rejected + b.rejected,
});
