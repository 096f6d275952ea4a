/** What the events of those who call functions have of each other. */
interface Called {
  /** EventBridge and its Scheduler. */
  readonly id?: unknown;
  /** Firehose. */
  readonly invocationId?: unknown;
  /** CloudFormation. */
  readonly RequestId?: unknown;
  /** SQS and S3. */
  readonly Records?: readonly {
    readonly messageId?: unknown;
    readonly responseElements?: Readonly<Record<string, unknown>>;
  }[];
}

/** The id by which the caller of a function knows the call, of a batch that of its first message. */
export function callIdOf(event: unknown): string | undefined {
  const { id, invocationId, RequestId, Records } = Object(event) as Called;
  const [first] = Array.isArray(Records) ? Records : [];
  const ids = [id, invocationId, RequestId, first?.messageId, first?.responseElements?.['x-amz-request-id']];
  return ids.find((each) => typeof each === 'string');
}
