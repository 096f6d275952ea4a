import { counted } from '../../core/format.ts';
import { VERSION } from '../../ledger/version.ts';
import type { Context } from '../context.ts';
import type { RunningServer } from '../ledger.ts';

/** Says where a ledger serves and how to send to it. */
export async function announce({ out, io }: Pick<Context, 'out' | 'io'>, server: RunningServer): Promise<void> {
  const { runs } = await server.ledger.summary();
  const label = (text: string): string => `  ${out.paint('dim', text.padEnd(7))}`;
  out.line(`Runledger ${VERSION} serves at ${out.paint('bold', server.url)}`);
  out.line(`${label('folder')}  ${server.dir}, ${counted(runs ?? 0, 'run')}`);
  out.line(
    `${label('send')}  ${io.program} ingest FILE, or POST NDJSON to ${server.url}/events${server.needsToken ? ' with a token as bearer' : ''}`,
  );
  out.line(`${label('stop')}  Ctrl-C`);
}

/** Aborted when the process is asked to stop. Asked twice, it ends at once. */
export function stopSignal({ io, err }: Pick<Context, 'io' | 'err'>): AbortSignal {
  const stop = new AbortController();
  io.onStop(() => {
    if (stop.signal.aborted) return io.exit(130);
    err.line('stopping: what is under way is finished first; Ctrl-C again to stop at once');
    stop.abort();
  });
  return stop.signal;
}

/** Serves on until the process is asked to stop and everything under way is finished. */
export async function serveUntil(
  stop: AbortSignal,
  server: RunningServer,
  { err }: Pick<Context, 'err'>,
): Promise<void> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
  await server.close();
  err.line(`stopped; everything that was acknowledged is in ${server.dir}`);
}
