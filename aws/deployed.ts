import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Env } from './env.ts';
import { logger, metrics, tracer } from './telemetry.ts';

/**
 * The function that Lambda calls: a handler over its ports. Each line of its log has the ids of the call; when it throws,
 * the error is logged once with its cause, and its metrics are flushed all the same; its calls to AWS are traced.
 */
export const deployed = <Ports, Event, Answer>(
  open: (env: Env) => Ports | Promise<Ports>,
  handlerOf: (ports: Ports) => (event: Event, context: Context) => Promise<Answer>,
) => {
  const ports = openedAhead(() => open(process.env));
  return middy(async (event: Event, context: Context) => handlerOf(await ports())(event, context), IN_TIME)
    .use(injectLambdaContext(logger, { correlationIdPath: ID, flushBufferOnUncaughtError: true, resetKeys: true }))
    .use(logMetrics(metrics))
    .use(captureLambdaHandler(tracer, { captureResponse: false }));
};

/** Lambda ends a process whose time is over, and nothing is logged or measured of its call. */
const IN_TIME = {
  timeoutEarlyInMillis: 1_000,
  timeoutEarlyResponse: () => {
    throw new Error(
      'expected the call to be done in its time, but one second is left; what it did stays, and a next call goes on',
    );
  },
};

/** A name for what `callIdOf` finds: without one, Powertools does not search. */
const ID = 'id of the call';

/**
 * Opens while the file is imported, when Lambda gives a function a whole processor; what it opened is kept for every
 * call. When that failed, the call opens again, and so does the next one.
 */
function openedAhead<Value>(open: () => Value | Promise<Value>): () => Promise<Value> {
  const attempt = async (): Promise<Value> => open();
  let opening = attempt();
  // The call that needs it throws it.
  opening.catch(() => undefined);
  return () =>
    opening.catch(() => {
      opening = attempt();
      return opening;
    });
}
