import { deployed } from '../aws/deployed.ts';
import { servePagePorts } from '../aws/function-ports.ts';
import { openPageApi } from '../aws/page-api.ts';

/** Answers requests of the page, behind the HTTP API. */
export const handlerOf = openPageApi;

export const handler = deployed(servePagePorts, handlerOf);
