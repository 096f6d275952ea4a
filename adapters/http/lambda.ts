import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

/** Answers what API Gateway's HTTP API calls a function with (payload format 2.0). */
export const lambdaAnswers = (app: Hono): ((event: ApiEvent) => Promise<ApiAnswer>) => {
  const answer = handle(app);
  return async (event) => (await answer(event)) as ApiAnswer;
};

type ApiEvent = Parameters<ReturnType<typeof handle>>[0];

/** What API Gateway takes for an answer. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBase64Encoded: boolean;
}
