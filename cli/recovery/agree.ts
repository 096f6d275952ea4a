import { createInterface } from 'node:readline';
import type { Context } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';

/** Asks a person at a terminal. Anything but a yes is a no; a program that cannot be asked has to say --yes. */
export async function isAgreed({ io, err }: Context, question: string): Promise<boolean> {
  if (!('isTTY' in io.stdin) || io.stdin.isTTY !== true)
    throw new Stop(
      EXIT.usage,
      'expected a person at a terminal to ask; say --yes to start without asking, or --dry-run',
    );
  io.stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    err.line('');
    return false;
  } finally {
    lines.close();
  }
}
