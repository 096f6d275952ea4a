import { DescribeDeliveryStreamCommand, type FirehoseClient } from '@aws-sdk/client-firehose';

/** How a delivery stream is. */
export interface StreamState {
  /** Firehose's word: `ACTIVE` takes records; `unknown` when it does not say. */
  readonly status: string;
  /** Why the last change of the stream failed. */
  readonly failure: string | undefined;
  /** ARN of the function that every record goes through; undefined: records land as they came. */
  readonly transform: string | undefined;
}

/** The state of a stream, by its name. Throws what Firehose answers when it is missing or may not be read. */
export async function readStream(client: FirehoseClient, name: string): Promise<StreamState> {
  const { DeliveryStreamDescription } = await client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  );
  const { DeliveryStreamStatus, FailureDescription, Destinations } = DeliveryStreamDescription ?? {};
  const processing = Destinations?.[0]?.ExtendedS3DestinationDescription?.ProcessingConfiguration;
  const transform = processing?.Enabled
    ? processing.Processors?.find(({ Type }) => Type === 'Lambda')?.Parameters?.find(
        ({ ParameterName }) => ParameterName === 'LambdaArn',
      )?.ParameterValue
    : undefined;
  return { status: DeliveryStreamStatus ?? 'unknown', failure: FailureDescription?.Details, transform };
}
