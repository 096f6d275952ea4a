import type { Instant } from './instant.ts';
import type { Mask } from './mask/mask.ts';

/** One question that somebody asked of the tables. What nobody knows is null. */
export interface Access {
  /** Tells it from every other one; twice the same is one question. */
  readonly access_key: string;
  readonly asked_at: Instant;
  /** Who asked, as the world outside knows them. */
  readonly caller: string | null;
  /** The address it came from. */
  readonly source: string | null;
  readonly user_agent: string | null;
  readonly via: 'athena' | 'http';
  readonly question: string | null;
  /** The code with which it was refused. */
  readonly error: string | null;
}

/** A question is text of its asker, and may be as long as they like. */
const LONGEST = { question: 16_384, others: 2_048 };

/**
 * The line that the view `access_log` reads. The question and the program's name are masked; who asked, and from where, is
 * what the line is for, and stays as it is.
 */
export function accessLine(access: Access, mask: Mask): string {
  const masked = (text: string | null, longest: number) => (text === null ? null : cut(mask(sound(text)), longest));
  const plain = (text: string | null) => (text === null ? null : cut(sound(text), LONGEST.others));
  return JSON.stringify({
    ...access,
    caller: plain(access.caller),
    source: plain(access.source),
    user_agent: masked(access.user_agent, LONGEST.others),
    question: masked(access.question, LONGEST.question),
    error: plain(access.error),
  } satisfies Access);
}

/** Engines refuse a line with half a character in it, or with the character of code zero. */
const sound = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
