import type { ReplayRequest, ShownRun } from '../../http/ledger.ts';

/** What a person chose of a run that is to run again. */
export interface AskedAgain {
  /** `start`, `failed`, or the index of a step. */
  readonly from: string;
  /** `name=value`, with spaces between; a value with spaces stands in quotes. */
  readonly params: string;
  readonly new_run_id: string;
}

const MAX_ID = 200;

/** Another id each time: asking twice with one id would start once. */
export const newRunId = ({ run_id }: Pick<ShownRun, 'run_id'>): string =>
  `${(run_id ?? '').slice(0, MAX_ID)}-replay-${randomHex()}`;

// A page over plain HTTP has no `randomUUID`.
const randomHex = (): string =>
  [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** As the ledger is asked for it. Throws where a parameter is none. */
export function replayOf(
  { run_id, environment, process_name }: Pick<ShownRun, 'run_id' | 'environment' | 'process_name'>,
  { from, params, new_run_id }: AskedAgain,
): ReplayRequest {
  return {
    ...{ run_id: run_id ?? '', environment: environment ?? '', process_name: process_name ?? '', new_run_id },
    params: paramsIn(params),
    ...(from === 'failed' && { from_failed: true }),
    ...(/^\d+$/.test(from) && { from_step: Number(from) }),
  };
}

const PARAM = /([^\s=]+)=(?:"([^"]*)"|(\S*))(?=\s|$)|(\S+)/g;

function paramsIn(text: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name, quoted, plain, other] of text.matchAll(PARAM)) {
    if (name === undefined) throw new Error(`expected parameters as name=value, but got ${other}`);
    params[name] = quoted ?? plain ?? '';
  }
  return params;
}
