import { deployed } from '../aws/deployed.ts';
import { serveHttpPorts } from '../aws/function-ports.ts';
import { openHttpApi } from '../aws/http-api.ts';

/** Answers requests of the HTTP API: events, pings, and how it is. */
export const handlerOf = openHttpApi;

export const handler = deployed(serveHttpPorts, handlerOf);
