import { EXIT, Stop } from '../exit-code.ts';

/** `name=value` texts as a record; the last of one name holds. */
export function paramsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new Stop(EXIT.usage, `expected --param as name=value, but got ${text}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
