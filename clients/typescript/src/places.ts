import { consoleTransport } from './console-transport.ts';
import { flagFrom, textFrom } from './environment.ts';
import { fileTransport } from './file-transport.ts';
import { firehoseTransport } from './firehose-transport.ts';
import { httpTransport } from './http-transport.ts';
import type { Runtime } from './runtime.ts';
import { s3Transport } from './s3-transport.ts';
import { type Transport, TransportError } from './transport.ts';

/** Where events go, when no transport is given. */
export interface Places {
  readonly url?: string | undefined;
  readonly stream?: string | undefined;
  readonly file?: string | undefined;
  readonly s3?: string | undefined;
}

export const DEFAULT_URL = 'http://127.0.0.1:4319';

type Maker = (place: string, token: string | undefined, runtime: Runtime) => Transport;
const MAKERS: { readonly [Name in keyof Places]-?: Maker } = {
  url: (url, token, runtime) => httpTransport({ url, token }, runtime),
  stream: (stream, _, runtime) => firehoseTransport({ stream: stream.trim() }, runtime),
  file: (path) => fileTransport({ path }),
  s3: (url, _, runtime) => s3Transport({ url }, runtime),
};
export const PLACES = Object.keys(MAKERS) as readonly (keyof Places)[];

/**
 * Everywhere that the options say, else everywhere that the environment says, else to the ledger on this machine. Throws
 * a TypeError for an option that is wrong; what is wrong in the environment throws nothing.
 */
export function transportsTo(places: Places, ownToken: string | undefined, runtime: Runtime): readonly Transport[] {
  const token = ownToken ?? textFrom(runtime, 'RUNLEDGER_TOKEN');
  const chosen = PLACES.flatMap((name) => {
    const place = places[name];
    return place === undefined ? [] : [MAKERS[name](place, token, runtime)];
  });
  if (chosen.length > 0) return chosen;
  if (flagFrom(runtime, 'RUNLEDGER_DISABLED', false)) return [];
  const told = PLACES.flatMap((name) => {
    const variable = `RUNLEDGER_${name.toUpperCase()}`;
    const place = textFrom(runtime, variable);
    return place === undefined ? [] : [forgiving(variable, () => MAKERS[name](place, token, runtime))];
  });
  if (flagFrom(runtime, 'RUNLEDGER_CONSOLE', false)) told.push(consoleTransport());
  if (told.length > 0) return told;
  const toThisMachine = () => httpTransport({ url: DEFAULT_URL, token }, runtime);
  return [ownToken === undefined ? forgiving('RUNLEDGER_TOKEN', toThisMachine) : toThisMachine()];
}

/** A mistake in the environment variables of a job must not keep the job from running. */
function forgiving(variable: string, make: () => Transport): Transport {
  try {
    return make();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = message.replace('`token`', '`RUNLEDGER_TOKEN`').replace(/^`(url|stream|path)`/, `\`${variable}\``);
    return { send: () => Promise.reject(new TransportError(reason, { retryable: false, cause })) };
  }
}
