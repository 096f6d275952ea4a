/** A handler whose ports are opened at its first call and kept for the next, not when its file is imported. */
export function lazyHandler<Arguments extends readonly unknown[], Answer>(
  open: () => (...given: Arguments) => Promise<Answer>,
): (...given: Arguments) => Promise<Answer> {
  let opened: ((...given: Arguments) => Promise<Answer>) | undefined;
  return (...given) => {
    opened ??= open();
    return opened(...given);
  };
}
