import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Env } from './env.ts';
import { logger, metrics, tracer } from './telemetry.ts';

/**
 * A handler as it is deployed: over its ports, in a log line of its own kind when it throws, with its metrics flushed
 * either way, and traced. A call that is nearly out of time fails a second before Lambda would end the process, which
 * says nothing of the cause.
 */
export const deployed = <Ports, Event, Answer>(
  open: (env: Env) => Ports | Promise<Ports>,
  handlerOf: (ports: Ports) => (event: Event, context: Context) => Promise<Answer>,
) => {
  const ports = openedAhead(() => open(process.env));
  return middy(async (event: Event, context: Context) => handlerOf(await ports())(event, context), {
    timeoutEarlyInMillis: 1_000,
  })
    .use(injectLambdaContext(logger, { correlationIdPath: '*', resetKeys: true, flushBufferOnUncaughtError: true }))
    .use(logMetrics(metrics))
    .use(captureLambdaHandler(tracer, { captureResponse: false }));
};

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
