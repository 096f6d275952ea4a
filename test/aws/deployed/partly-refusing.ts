import { createServer } from 'node:http';

interface Batch {
  readonly DeliveryStreamName: string;
  readonly Records: readonly unknown[];
}

export interface PartlyRefusing {
  readonly url: string;
  /** How many records each call brought. */
  readonly calls: readonly number[];
  close(): void;
}

/** Firehose as it is when it throttles: in front of the emulated one, it refuses every second record of the first call. */
export async function startPartlyRefusing(awsUrl: string): Promise<PartlyRefusing> {
  const calls: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const batch = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Batch;
    const isFirst = calls.push(batch.Records.length) === 1;
    const isRefused = (at: number) => isFirst && at % 2 === 1;
    const taken = await fetch(awsUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': String(request.headers['x-amz-target']),
        authorization: String(request.headers.authorization),
      },
      body: JSON.stringify({ ...batch, Records: batch.Records.filter((_, at) => !isRefused(at)) }),
    });
    const { RequestResponses } = (await taken.json()) as { readonly RequestResponses: readonly object[] };
    const answers = [...RequestResponses];
    const refusal = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
    const body = {
      FailedPutCount: batch.Records.length - answers.length,
      RequestResponses: batch.Records.map((_, at) => (isRefused(at) ? refusal : answers.shift())),
    };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
