/**
 * Switches the stack's schedules off once they are deployed: the tests tick instead, so that what a tick does can be
 * told from what the next one does.
 */
export async function pauseSchedules(awsUrl: string): Promise<void> {
  const { Schedules } = (await scheduler(awsUrl, '')) as {
    readonly Schedules: readonly { readonly Name: string }[];
  };
  if (Schedules.length === 0) throw new Error('expected the stack to have schedules, found none');
  for (const { Name } of Schedules) {
    const schedule = await scheduler(awsUrl, `/${Name}`);
    await scheduler(awsUrl, `/${Name}`, { ...schedule, State: 'DISABLED' });
  }
}

async function scheduler(awsUrl: string, path: string, update?: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${awsUrl}/schedules${path}`, {
    method: update === undefined ? 'GET' : 'PUT',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/scheduler/aws4_request, SignedHeaders=host',
    },
    ...(update === undefined ? {} : { body: JSON.stringify(update) }),
  });
  if (!response.ok) throw new Error(`EventBridge Scheduler answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}
