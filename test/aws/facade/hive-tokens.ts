import { isReserved } from './hive-words.ts';
import { Refusal } from './refusal.ts';

/** The words of a DDL statement, taken one after another. */
export interface Tokens {
  /** Takes these words if they come next; whether it did. */
  take(...words: readonly string[]): boolean;
  expect(...words: readonly string[]): void;
  identifier(): string;
  string(): string;
  /** The next word or sign, whatever it is. */
  any(): string;
  comesNext(word: string): boolean;
  listOf<T>(item: () => T): readonly T[];
  inParentheses<T>(item: () => T): readonly T[];
  end(): void;
  /** Throws what Athena's parser would say. */
  fail(expected: string): never;
}

interface Token {
  readonly text: string;
  readonly quote: '' | '`' | "'";
}

export function tokensOf(statement: string): Tokens {
  const all = split(statement);
  let at = 0;
  const isWord = (place: number, word: string): boolean =>
    all[place]?.quote === '' && all[place].text.toLowerCase() === word;
  const tokens: Tokens = {
    take: (...words) => {
      const comes = words.every((word, ahead) => isWord(at + ahead, word));
      if (comes) at += words.length;
      return comes;
    },
    expect: (...words) => {
      if (!tokens.take(...words)) tokens.fail(words.join(' '));
    },
    identifier: () => {
      const token = all[at];
      if (token === undefined || token.quote === "'" || !/^\w+$/.test(token.text)) return tokens.fail('an identifier');
      if (token.quote === '' && isReserved(token.text)) return tokens.fail('this reserved word in backticks');
      at += 1;
      return token.text.toLowerCase();
    },
    string: () => (all[at]?.quote === "'" ? tokens.any() : tokens.fail('a quoted string')),
    any: () => all[at++]?.text ?? tokens.fail('more'),
    comesNext: (word) => isWord(at, word),
    listOf: (item) => {
      const items = [item()];
      while (tokens.take(',')) items.push(item());
      return items;
    },
    inParentheses: (item) => {
      tokens.expect('(');
      const items = tokens.listOf(item);
      tokens.expect(')');
      return items;
    },
    end: () => {
      if (at < all.length) tokens.fail('the end of the statement');
    },
    fail: (expected) => {
      const near = all.slice(at, at + 3).map(({ text }) => `'${text}'`);
      throw new Refusal(`FAILED: ParseException cannot recognize input near ${near.join(' ')}, expected ${expected}`);
    },
  };
  return tokens;
}

/** Strings are escaped by backslashes, names stand in backticks; double quotes and comments are no part of it. */
const split = (statement: string): readonly Token[] =>
  [...statement.matchAll(/`([^`]+)`|'((?:[^'\\]|\\.)*)'|(\w+)|(--|\/\*)|(\S)/g)].map(
    ([, name, string, word, comment, sign]): Token => {
      if (name !== undefined) return { text: name, quote: '`' };
      if (string !== undefined) return { text: string.replace(/\\(.)/g, '$1'), quote: "'" };
      if (comment !== undefined || sign === '"') {
        throw new Refusal(`FAILED: ParseException cannot recognize input near '${comment ?? sign}'`);
      }
      return { text: word ?? sign ?? '', quote: '' };
    },
  );
