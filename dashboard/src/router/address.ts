/** Where a reader is: what the address bar says, taken apart. */
export interface Address {
  /** The decoded parts of the path: `/runs/a%2Fb` is `['runs', 'a/b']`. */
  readonly parts: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Takes an address apart. What is not well-formed is taken as it stands. */
export function addressOf(pathname: string, search: string): Address {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => unmarked(decoded(part)));
  return { parts, query: Object.fromEntries(new URLSearchParams(search)) };
}

/** The address of a view. What is undefined or empty in the query is left out. */
export const hrefOf = (parts: readonly string[], query: Query = {}): string => pathOf(parts.map(marked), query);

/** The same for a path that a program answers: its parts stand as they are. */
export function pathOf(parts: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return `/${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}${search && `?${search}`}`;
}

/** Browsers take `.` and `..` for steps in the path, however they are written, and an empty part is lost. */
const marked = (part: string): string => (/^(\.{0,2}|~.*)$/s.test(part) ? `~${part}` : part);
const unmarked = (part: string): string => (part.startsWith('~') ? part.slice(1) : part);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
