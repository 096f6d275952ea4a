/** A rejected line on its way in again. */
export interface ResentLine {
  /** The rejection's, which it keeps for life: what is kept of a line need not have the bytes that came. */
  readonly rejection_key: string;
  readonly line: string;
}

const BEGINS = '{"runledger_resend":"';
const MEMBERS = /^\{"runledger_resend":"([0-9a-f]{32})","line":(".*")\}$/;

/** The line in which a rejected line travels to accept. */
export const resentLine = ({ rejection_key, line }: ResentLine): string =>
  JSON.stringify({ runledger_resend: rejection_key, line });

/** Opens a line that `resentLine` wrote; undefined for every other line, which nearly all are. */
export function resentLineOf(text: string): ResentLine | undefined {
  if (!text.startsWith(BEGINS)) return undefined;
  const [, rejection_key, line] = MEMBERS.exec(text) ?? [];
  if (rejection_key === undefined || line === undefined) return undefined;
  try {
    return { rejection_key, line: JSON.parse(line) as string };
  } catch {
    return undefined;
  }
}
