import type { Context } from 'hono';
import { errorMessage } from '../../core/error-message.ts';
import { HttpError } from './http-error.ts';

/** Clients and proxies give up on an answer that says nothing for minutes (undici: 300 s). */
const SIGN_OF_LIFE_MS = 10_000;

/**
 * Answers the result of long work as JSON. When it takes longer than a sign of life, the answer is begun as 200 and
 * white space, which JSON allows in front of a value; a failure after that is `{error: {code, message}}` all the same.
 */
export async function answerLate<T = unknown>(
  c: Context,
  work: () => Promise<T>,
  signOfLifeMs = SIGN_OF_LIFE_MS,
): Promise<Response> {
  const answer = work().catch((cause: unknown) => {
    throw cause instanceof HttpError
      ? cause
      : Object.assign(new HttpError(500, 'internal', errorMessage(cause)), { cause });
  });
  if (await isWithin(answer, signOfLifeMs)) return c.json(await answer);

  const text = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: async (stream) => {
      const say = (part: string): void => stream.enqueue(text.encode(part));
      say('\n');
      timer = setInterval(() => say('\n'), signOfLifeMs);
      const settled = await answer.catch(({ code, message }: HttpError) => ({ error: { code, message } }));
      clearInterval(timer);
      say(JSON.stringify(settled));
      stream.close();
    },
    cancel: () => clearInterval(timer),
  });
  return c.body(body, 200, { 'content-type': 'application/json' });
}

/** Whether it settled in time, well or badly. */
async function isWithin(answer: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const settled = answer.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
