import type { Session } from '../../http/ledger.ts';
import { Command } from '../../parts/copy.tsx';
import { Section } from '../../parts/state.tsx';
import { SendHints } from './send-hints.tsx';

/** How to send events to this ledger, and how programs ask it. */
export function SendView({ session }: { readonly session: Session }) {
  const { origin } = location;
  const needsToken = session.needs_token;
  const bearer = needsToken ? ` \\\n  -H "Authorization: Bearer $RUNLEDGER_TOKEN"` : '';
  const key = needsToken ? 'os.environ["RUNLEDGER_TOKEN"]' : '"any"';
  const boto3 = `import boto3, json${needsToken ? ', os' : ''}
firehose = boto3.client("firehose", region_name="us-east-1",
    endpoint_url="${origin}",
    aws_access_key_id=${key}, aws_secret_access_key="any")
event = {"process_name": "hello", "run_id": "2", "event_type": "RUN_START"}
firehose.put_record(DeliveryStreamName="runledger", Record={"Data": json.dumps(event)})`;
  const python = `# RUNLEDGER_URL=${origin}
import runledger

with runledger.run("orders", environment="prod", owner="team-crm") as run:
    with run.step("extract") as step:
        step.records(in_=len(read_orders()))`;
  const ask = `curl ${origin}/query${bearer} \\
  -d 'select status, count(*) as runs from current_runs group by status'`;
  return (
    <>
      <header class="view-head">
        <h1>Send events</h1>
        <p class="hint">
          A run begins with its first event and ends with <code>RUN_END</code>.{' '}
          {needsToken && 'This ledger asks for a token.'}
        </p>
      </header>
      <Section title="From a shell">
        <SendHints needsToken={needsToken} />
        <p class="hint">
          The answer counts the lines, and says why the first were rejected. When all were, its status is 422; with{' '}
          <code>/events?partial</code> it is 200.
        </p>
      </Section>
      <Section title="From Python">
        <Command text={python} />
      </Section>
      <Section title="From anything that speaks Firehose">
        <Command text={boto3} />
      </Section>
      <Section title="Ask from a program">
        <Command text={ask} />
        <p class="hint">
          Answers come as JSON; <code>/query?format=csv</code> gives CSV. <a href="/health">/health</a> says how it is.
        </p>
      </Section>
    </>
  );
}
