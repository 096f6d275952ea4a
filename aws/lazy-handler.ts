/**
 * A handler whose ports are opened at its first call and kept for the next, not when its file is imported. When they
 * cannot be opened the call fails, and the next one tries again.
 */
export function lazyHandler<Arguments extends readonly unknown[], Answer>(
  open: () => Handler<Arguments, Answer> | Promise<Handler<Arguments, Answer>>,
): Handler<Arguments, Answer> {
  let opened: Handler<Arguments, Answer> | undefined;
  return async (...given) => {
    opened ??= await open();
    return opened(...given);
  };
}

type Handler<Arguments extends readonly unknown[], Answer> = (...given: Arguments) => Promise<Answer>;
