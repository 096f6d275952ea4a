import { DescribeDeliveryStreamCommand, type FirehoseClient } from '@aws-sdk/client-firehose';

export interface StreamState {
  /** Firehose's word: ACTIVE takes records. */
  readonly status: string;
  readonly failure: string | undefined;
  /** The function that every record goes through; none: records land as they came. */
  readonly transform: string | undefined;
}

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
