import type { Command } from 'commander';
import { errorMessage } from '../../core/error-message.ts';
import { counted, countShown } from '../../core/format.ts';
import type { Taken } from '../../core/ports/event-sink.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { eventLinesOf, NoEvents, Unreadable } from '../ingest/event-lines.ts';
import { openSource, type Source } from '../ingest/open-source.ts';
import { type Progress, progressOf } from '../ingest/progress.ts';
import { MAX_LINE_BYTES, recordsOf } from '../ingest/records.ts';
import { NOTHING, type Sent, sendAll, sumOf } from '../ingest/send-all.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { bytesShown, plain } from '../screen/format.ts';
import { stopSignal } from '../serve/serving.ts';

interface IngestOptions extends Target {
  readonly json?: true;
}

/** Adds the command `ingest`. */
export function addIngest(program: Command, context: Context): void {
  const command = program
    .command('ingest <file...>')
    .summary('send files of events')
    .description(
      'Sends files of events: NDJSON, JSON in any layout, or CSV with a header; plain, gzip or zstd; `-` is standard input. The first bytes tell, not the name. Ends with exit code 1 when no line was accepted.',
    )
    .option('--json', 'print the counts as JSON')
    .action((files: readonly string[], options: IngestOptions) => ingest(context, files, options));
  example(withTarget(command), 'runledger ingest events.ndjson more.ndjson.gz', 'zcat old/*.gz | runledger ingest -');
}

async function ingest(context: Context, files: readonly string[], options: IngestOptions): Promise<void> {
  const { io, out, err } = context;
  const sources = files.map((file) => openSource(file, io.stdin));
  const problems: string[] = [];
  const stop = stopSignal(context);
  let acceptsLater = false;
  const total = await withLedger(context, options, 'write', async (ledger) => {
    acceptsLater = ledger.acceptsLater === true;
    const progress = progressOf(io.stderr, totalOf(sources));
    let sum = NOTHING;
    try {
      for (const source of sources) {
        if (stop.aborted) break;
        const { counts, failure } = await sendFile(context, ledger, source, progress, { before: sum, stop, problems });
        sum = sumOf(sum, counts);
        if (failure?.of === 'ledger') break;
      }
    } finally {
      progress.stop();
    }
    return sum;
  });
  const { received, accepted, rejected } = total;
  if (options.json) printJson(context, acceptsLater ? { sent: received } : { received, accepted, rejected });
  else if (acceptsLater) {
    out.line(`${counted(received, 'line')} sent`);
    const where = `${io.program} rejections lists those that were not`;
    err.line(err.paint('dim', `they are accepted on their way and in the runs in a minute or two; ${where}`));
  } else {
    out.line(
      `${counted(received, 'line')} received, ${countShown(accepted)} accepted, ${countShown(rejected)} rejected`,
    );
    sayWhy(context, total);
  }
  if (stop.aborted) {
    const taken = `${counted(received, 'line')} ${received === 1 ? 'was' : 'were'} taken`;
    throw new Stop(EXIT.stopped, `stopped; ${taken}; send all again, what was taken is not counted twice`);
  }
  if (received > 0 && accepted === 0 && !acceptsLater) problems.push('no line was accepted');
  if (problems.length > 0) throw new Stop(EXIT.failure, problems.join('\n'));
}

/** One reason of each kind is enough to see what is wrong. */
function sayWhy({ io, err }: Context, { rejected, reasons = [] }: Taken): void {
  if (rejected === 0) return;
  const ofKind = new Map(reasons.toReversed().map(({ kind, explanation }) => [kind, explanation]));
  for (const [kind, explanation] of ofKind) err.line(`${err.paint('yellow', kind)}: ${plain(explanation)}`);
  err.line(err.paint('dim', `all of them: ${io.program} rejections`));
}

interface Ingesting {
  /** What was taken of the files before. */
  readonly before: Taken;
  readonly stop: AbortSignal;
  readonly problems: string[];
}

async function sendFile(
  { io, err }: Context,
  ledger: OpenedLedger,
  source: Source,
  progress: Progress,
  { before, stop, problems }: Ingesting,
): Promise<Sent> {
  let tooLong = 0;
  const { maxLineBytes = MAX_LINE_BYTES } = ledger;
  const onTooLong = () => {
    tooLong += 1;
  };
  const records = recordsOf(eventLinesOf(source.read(stop, progress.read)), { maxLineBytes, onTooLong });
  const sent = await sendAll(ledger, records, io.pause, {
    onSent: ({ received }) => progress.taken(before.received + received),
    onWaiting: (why) => err.line(`waiting: ${why.message}`),
    signal: stop,
  });
  if (tooLong > 0)
    problems.push(
      `${source.name}: ${counted(tooLong, 'line')} longer than ${bytesShown(maxLineBytes)} left out; keep large payloads in a file and send its path`,
    );
  const { counts, failure } = sent;
  if (failure === undefined || stop.aborted) return sent;
  const taken = `${counted(counts.received, 'line')} ${counts.received === 1 ? 'was' : 'were'} taken`;
  problems.push(
    failure.of === 'source'
      ? `${source.name} ${problemOf(failure.error, source.name, taken, io.program)}`
      : `${errorMessage(failure.error)}\n${taken} of ${source.name} before that; send it again, what was taken is not counted twice`,
  );
  return sent;
}

function problemOf(error: unknown, name: string, taken: string, program: string): string {
  if (error instanceof NoEvents) return error.message.replace('FILE', () => name).replace('runledger', () => program);
  if (error instanceof Unreadable) return `${error.message}; ${taken}`;
  return `cannot be read: ${errorMessage(error)}; ${taken}`;
}

const totalOf = (sources: readonly Source[]): number | undefined =>
  sources.reduce<number | undefined>(
    (sum, { sizeBytes }) => (sum === undefined || sizeBytes === undefined ? undefined : sum + sizeBytes),
    0,
  );
