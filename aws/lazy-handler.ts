/** A handler whose ports are opened at its first call and kept for the next, not when the file is imported. */
export function once<Arguments extends readonly unknown[], Answer>(
  open: () => (...given: Arguments) => Promise<Answer>,
): (...given: Arguments) => Promise<Answer> {
  let opened: ((...given: Arguments) => Promise<Answer>) | undefined;
  return (...given) => {
    opened ??= open();
    return opened(...given);
  };
}
