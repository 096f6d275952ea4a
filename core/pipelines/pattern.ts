/** Whether a name fits a pattern, in which `*` stands for any text and `?` for one character. Linear in both. */
export function matches(pattern: string, name: string): boolean {
  const letters = [...name];
  const wanted = [...pattern];
  let at = 0;
  let letter = 0;
  let star = -1;
  let resumed = 0;
  while (letter < letters.length) {
    if (at < wanted.length && wanted[at] === '*') {
      star = at++;
      resumed = letter;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === letters[letter])) {
      at++;
      letter++;
    } else if (star >= 0) {
      at = star + 1;
      letter = ++resumed;
    } else return false;
  }
  return wanted.slice(at).every((each) => each === '*');
}

export const isPattern = (text: string): boolean => /[*?]/.test(text);

/** A name is more specific than any pattern; of patterns, the one with more letters of its own. */
export const specificity = (pattern: string): number =>
  isPattern(pattern) ? pattern.replaceAll(/[*?]/g, '').length : Number.POSITIVE_INFINITY;
