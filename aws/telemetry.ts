import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { callIdOf } from '../adapters/lambda-events/call-id.ts';

/** One of each for every function: `deployed` gives them the call, `report` what became of it. */
export const logger = new Logger({ correlationIdSearchFn: (_path, event) => callIdOf(event) });

/** A call without a count to measure is normal here, and not worth a warning. */
export const metrics = new Metrics({ logger: { ...console, warn: () => undefined } });

/** The SDK's clients are traced one by one (`traced`); their HTTP requests would be the same calls again. */
export const tracer = new Tracer({ captureHTTPsRequests: false });

/** Traces each call of a client of the SDK. Outside of Lambda it does nothing. */
export const traced = <Client>(client: Client): Client => tracer.captureAWSv3Client(client);
