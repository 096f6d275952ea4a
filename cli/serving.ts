import type { RunningServer } from '../local/server.ts';
import { VERSION } from '../local/version.ts';
import type { Context } from './context.ts';
import { counted } from './format.ts';

/** Says where a ledger serves and how to send to it. */
export async function announce(
  { out, io }: Pick<Context, 'out' | 'io'>,
  server: RunningServer,
  needsToken: boolean,
): Promise<void> {
  const { runs } = await server.ledger.summary();
  const label = (text: string): string => `  ${out.paint('dim', text.padEnd(7))}`;
  out.line(`Runledger ${VERSION} serves at ${out.paint('bold', server.url)}`);
  out.line(`${label('folder')}  ${server.dir}, ${counted(runs, 'run')}`);
  out.line(
    `${label('send')}  ${io.program} ingest FILE, or POST NDJSON to ${server.url}/events${needsToken ? ' with the token as bearer' : ''}`,
  );
  out.line(`${label('stop')}  Ctrl-C`);
}

/** Resolves once the process was asked to stop and everything under way is finished. Asked twice, it ends at once. */
export async function untilStopped(
  { io, err }: Pick<Context, 'io' | 'err'>,
  server: RunningServer,
  onStopping: () => void = () => undefined,
): Promise<void> {
  let asked = 0;
  await new Promise<void>((resolve) => {
    io.onStop(() => {
      asked += 1;
      if (asked > 1) return io.exit(130);
      err.line('stopping: what is under way is finished first; Ctrl-C again to stop at once');
      onStopping();
      resolve();
    });
  });
  await server.close();
  err.line(`stopped; everything that was acknowledged is in ${server.dir}`);
}
