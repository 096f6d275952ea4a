import { html, raw } from 'hono/html';
import { countShown, durationShown, instantShown } from '../../core/format.ts';
import { toneOf } from '../../core/run/status-tone.ts';
import { PAGE_STYLE, PAGE_STYLE_HASH } from './page-style.ts';

/** What the page says. Everything in it may be hostile text: run names are whatever a producer sent. */
export interface PageFacts {
  readonly version: string;
  readonly data_dir: string;
  /** Where producers reach this server: `http://127.0.0.1:4319`. */
  readonly url: string;
  readonly stats: readonly { readonly label: string; readonly value: string | number }[];
  /** Latest first; about twenty. */
  readonly runs: readonly PageRun[];
}

/** A run as a row of the page; unknown is null. */
export interface PageRun {
  readonly status: string;
  readonly process_name: string;
  readonly run_id: string;
  readonly environment: string | null;
  readonly start_time: string | null;
  readonly duration_ms: number | null;
  readonly records_out: number | null;
}

/** The page loads nothing, runs nothing, and no page may frame it; its one style is named by its hash. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src '${PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Markup = ReturnType<typeof html>;

/** What is here, what ran last, and how to send and ask. One static page for people; programs ask /query and /api. */
export function renderPage(
  { version, data_dir, url, stats, runs }: PageFacts,
  { needsToken }: { needsToken: boolean },
): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Runledger</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>Runledger</h1>
<p>Version ${version}, keeping its files in <code>${data_dir}</code></p>
</header>
<main>
<dl class="stats">${stats.map(
    ({ label, value }) => html`
<div><dt>${label}</dt><dd>${typeof value === 'number' ? countShown(value) : value}</dd></div>`,
  )}
</dl>
<section>
<h2>Latest runs</h2>
${runs.length === 0 ? html`<p class="none">No runs yet. The first event you send, as below, makes one.</p>` : runTable(runs)}
</section>
${howToSend(url, needsToken)}
</main>
</body>
</html>
`;
}

const runTable = (runs: readonly PageRun[]): Markup => html`<div class="wide" tabindex="0"><table>
<thead><tr><th scope="col">Status</th><th scope="col">Pipeline</th><th scope="col">Run</th><th scope="col">Start, UTC</th><th scope="col" class="number">Duration</th><th scope="col" class="number">Records</th></tr></thead>
<tbody>${runs.map(runRow)}
</tbody>
</table></div>`;

/** A name that writes from right to left is kept from turning its neighbours around: `bdi`. */
const runRow = (run: PageRun): Markup => html`
<tr><td class="status ${toneOf(run.status)}">${run.status}</td><td class="name" title="${run.process_name}"><bdi>${run.process_name}</bdi>${run.environment === null ? '' : html` <small><bdi>${run.environment}</bdi></small>`}</td><td class="name" title="${run.run_id}"><bdi><code>${run.run_id}</code></bdi></td><td class="time">${instantShown(run.start_time)}</td><td class="number">${durationShown(run.duration_ms)}</td><td class="number">${countShown(run.records_out)}</td></tr>`;

function howToSend(url: string, needsToken: boolean): Markup {
  const bearer = needsToken ? ` \\\n  -H "Authorization: Bearer $RUNLEDGER_TOKEN"` : '';
  const key = needsToken ? 'os.environ["RUNLEDGER_TOKEN"]' : '"any"';
  const curl = `curl ${url}/events${bearer} \\
  -d '{"process_name": "hello", "run_id": "1", "event_type": "RUN_START"}'
curl ${url}/events${bearer} \\
  -d '{"process_name": "hello", "run_id": "1", "event_type": "RUN_END", "status": "SUCCESS"}'`;
  const boto3 = `import boto3, json${needsToken ? ', os' : ''}
firehose = boto3.client("firehose", region_name="us-east-1",
    endpoint_url="${url}",
    aws_access_key_id=${key}, aws_secret_access_key="any")
event = {"process_name": "hello", "run_id": "2", "event_type": "RUN_START"}
firehose.put_record(DeliveryStreamName="runledger", Record={"Data": json.dumps(event)})`;
  const ask = `runledger query "select process_name, run_id, status from current_runs order by start_time desc limit 20"
curl ${url}/query${bearer} -d 'select status, count(*) as runs from current_runs group by status'`;
  return html`<section>
<h2>Send an event</h2>
<h3>From a shell</h3>
<pre tabindex="0">${curl}</pre>
<p>The answer counts the lines, and says why the first were rejected. When all were, its status is 422; with <code>/events?partial</code> it is 200.</p>
<h3>From Python, or anything else that speaks Firehose</h3>
<pre tabindex="0">${boto3}</pre>
</section>
<section>
<h2>Ask</h2>
<pre tabindex="0">${ask}</pre>
<p>Answers come as JSON; <code>/query?format=csv</code> gives CSV. <a href="/health">/health</a> says how it is.</p>
</section>`;
}
