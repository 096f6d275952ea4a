import type * as z from 'zod';
import * as alerts from '../../adapters/http/alerts-contract.ts';
import * as contract from '../../adapters/http/contract.ts';
import * as recovery from '../../adapters/http/recovery-contract.ts';
import { deliverySchema } from '../../core/ports/channel.ts';

/** What is said of a route beside what the app says itself. */
export interface Described {
  readonly about: string;
  readonly query?: z.ZodType;
  /** A schema of JSON, or what the body is. */
  readonly body?: z.ZodType | string;
  /** A schema of JSON, or what the answer is. */
  readonly answer: z.ZodType | string;
  readonly maxBodyBytes?: number;
  /** Statuses beside 200 and those that every route has. */
  readonly statuses?: string;
}

const MIB = 1024 * 1024;
const LINES =
  'NDJSON, JSON laid out in any way, an array of events, one event, or CSV with a header; UTF-8 or UTF-16, plain or gzip. The content type is not asked for.';
const LAST_OUTPUT = 'what the command wrote last, as text. Of an end that is no success it is the error.';
const PING: Described = {
  about:
    'A sign of a run: that it began (`start`), is alive (`log`), or ended (`success`, `fail`, an exit code of 0 to 255; none is a success). HEAD is a ping too. `?rid=` names the run, `?env=` its environment, `?slot=` the nominal time of its slot. Without `rid` it belongs to the run of that name that started last and has not ended; without such a run it is one of its own.',
  answer: '`OK RUN_ID` as text.',
  maxBodyBytes: MIB,
  statuses: '422: the ledger rejected it.',
};
const QUERY: Described = {
  about:
    'Answers one SELECT over [tables and views](tables.md): at most 100,000 rows, 32 MiB of them, and 10 s, or what `timeout_ms` says, at most 240,000. `?format=csv` answers CSV, with `x-runledger-truncated` and `x-runledger-note` as headers.',
  answer: contract.queryAnswer,
  maxBodyBytes: 256 * 1024,
  statuses: '400 `refused`: it is no SELECT, does not run, or takes too long.',
};
const ONE_RUN = 'A row of [pipeline_run_state](tables.md#pipeline_run_state) with the status that the clock gives it';

/** By method and path, as the app has them. */
export const DESCRIBED: Readonly<Record<string, Described>> = {
  'POST /': {
    about: "Firehose's own protocol: see [below](#the-firehose-protocol).",
    body: 'AWS JSON 1.1.',
    answer: 'AWS JSON 1.1.',
    maxBodyBytes: 6 * MIB,
  },
  'POST /events': {
    about:
      'Takes events. Answers once they are kept: on the disk of a served ledger, in the stream on AWS. `line` counts from 1, `reasons` has the first ten. Sending a body again changes nothing.',
    body: LINES,
    answer: contract.recordsAnswer,
    maxBodyBytes: 8 * MIB,
    statuses: '422: every line was rejected (with `?partial` that is 200 too).',
  },
  'GET /ping/:name': PING,
  'POST /ping/:name': { ...PING, body: LAST_OUTPUT },
  'GET /ping/:name/:state': PING,
  'POST /ping/:name/:state': { ...PING, body: LAST_OUTPUT },
  'GET /query': { ...QUERY, body: 'none; `?sql=` is the SELECT.' },
  'POST /query': {
    ...QUERY,
    body: '`{"sql": "select …", "format": "json" or "csv", "timeout_ms": 60000}`, or the SELECT as text.',
  },
  'GET /health': {
    about: 'How the ledger is. Whatever watches a server may ask it every few seconds.',
    answer: '`{"status": "ok", "version": …}`, of a served ledger with counts of runs.',
    statuses: '503: `{"status": "failing", "troubles": [{"part", "cause", "since"}]}`. Events are taken all the same.',
  },
  'GET /': {
    about:
      'The page for people: one document, which is the same at the addresses of its views (`/runs/…`, `/pipelines/…`, `/incidents/…` and so on). It holds no data, and asks for them as below.',
    answer: 'HTML.',
  },
  'GET /assets/:name': {
    about: 'A file that the page loads. Its name holds a hash of its content, so browsers keep it.',
    answer: 'A script, a style or a picture.',
    statuses: '404: this version of the page has no such file.',
  },
  'GET /api/session': {
    about: 'Who asks: by a token, or by the cookie of a browser that gave one. A `caller` of `null` is nobody yet.',
    answer: contract.sessionAnswer,
  },
  'POST /api/session': {
    about:
      'Begins the session of a browser. Its cookie is `HttpOnly` and `SameSite=Strict`, over https `Secure`, and holds no token; it ends with the token, after two days without a request, after a week, and when the server stops.',
    body: contract.signInBody,
    answer: contract.sessionAnswer,
    maxBodyBytes: 10_000,
    statuses: '401: the token does not hold. 429: too many wrong ones came from this address.',
  },
  'DELETE /api/session': { about: 'Ends the session of this browser.', answer: contract.sessionAnswer },
  'GET /api/live': {
    about:
      'What changes, as server-sent events: `hello` begins, `change` names runs or says that incidents changed, `refresh` says to read everything anew, `signed-out` that the token holds no more. It says what changed, never what it is now. `Last-Event-ID` goes on where a stream broke off.',
    answer:
      '`text/event-stream`. `change` has `{"runs": [{"environment", "process_name", "run_id"}], "more_runs", "incidents"}`.',
    statuses: '503 `busy`: 200 streams are open.',
  },
  'GET /metrics': {
    about:
      'Counts and durations of pipelines in the text format of Prometheus, at most 30 s old ([names](reports.md)).',
    answer: 'Text.',
  },
  'GET /badge/:file': {
    about:
      'An image of the status of the latest run in 90 days: `/badge/PIPELINE.svg`, with `?environment=` where several have that pipeline.',
    answer: 'An SVG image.',
  },
  'GET /api/tables': {
    about: 'The tables and views that SQL may ask, with their columns.',
    answer: contract.tablesAnswer,
  },
  'GET /api/questions': {
    about: 'The [named questions](questions.md), and what each asks.',
    answer: contract.questionsAnswer,
  },
  'GET /api/questions/:name': {
    about:
      'Answers a [named question](questions.md). Each thing that it asks is a parameter of the address; what is not given has its default.',
    answer: contract.queryAnswer,
    statuses: '400 `refused`: there is no such question, or what was given does not fit it.',
  },
  'GET /api/runs': {
    about: 'Runs as they stand now, the latest start first.',
    query: contract.runsQuery,
    answer: `A list. ${ONE_RUN}.`,
  },
  'GET /api/runs/:run_id': {
    about: 'Every run of that id, ten at most, with their steps.',
    query: contract.runQuery,
    answer: `A list of \`{"run", "steps"}\`. ${ONE_RUN}, and rows of [pipeline_step_state](tables.md#pipeline_step_state).`,
  },
  'GET /api/summary': { about: 'Where the ledger stands.', answer: contract.summaryAnswer },
  'GET /api/inspection': {
    about: 'What lies on the disk against what is recorded, and whether lines can be landed.',
    answer: contract.inspectionAnswer,
  },
  'POST /api/rebuild': {
    about: 'Builds the tables again from the raw lines. Its answer begins with white space while it works.',
    body: contract.rebuildBody,
    answer: contract.rebuildAnswer,
    maxBodyBytes: 10_000,
  },
  'POST /api/settle': {
    about: 'Waits until everything that was acknowledged is in the tables.',
    answer: contract.settleAnswer,
  },
  'POST /api/records': {
    about: 'Takes NDJSON line for line, whatever the lines hold: for `runledger ingest`.',
    body: 'NDJSON, plain or gzip.',
    answer: contract.recordsAnswer,
    maxBodyBytes: 8 * MIB,
  },
  'POST /api/rejections/dismiss': {
    about: 'Takes rejected lines off the list. The name of the token, where it has one, goes before `who`.',
    body: contract.dismissBody,
    answer: contract.dismissAnswer,
    maxBodyBytes: 100_000,
  },
  'GET /api/objects/parked': {
    about: 'Landed files that could not be taken in, with the reason.',
    answer: contract.parkedAnswer,
  },
  'POST /api/objects/retry': {
    about: 'Takes parked files in once more.',
    body: contract.retryBody,
    answer: contract.retryAnswer,
    maxBodyBytes: 2 * MIB,
  },
  'POST /api/objects/forget': {
    about: 'Does without parked files, for good.',
    body: contract.forgetBody,
    answer: contract.forgetAnswer,
    maxBodyBytes: 2 * MIB,
  },
  'GET /api/alerts/incidents': {
    about: 'Incidents, the latest first; [alerts](alerts.md) says what they are.',
    query: alerts.incidentsQuery,
    answer: alerts.incidentsAnswer,
  },
  'POST /api/alerts/decisions': {
    about: 'Acknowledges or resolves an incident. `null`: there is none of that id.',
    body: alerts.decisionBody,
    answer: alerts.decisionAnswer,
    maxBodyBytes: 100_000,
  },
  'GET /api/alerts/silences': { about: 'Silences that have not ended.', answer: alerts.silencesAnswer },
  'POST /api/alerts/silences': {
    about: 'Begins a silence.',
    body: alerts.silenceBody,
    answer: alerts.silencedAnswer,
    maxBodyBytes: 100_000,
  },
  'POST /api/alerts/silences/end': {
    about: 'Ends a silence now.',
    body: alerts.endSilenceBody,
    answer: alerts.endedAnswer,
    maxBodyBytes: 100_000,
  },
  'GET /api/alerts/expected': {
    about: 'Slots from one moment to another, and what came of them.',
    query: alerts.expectedQuery,
    answer: alerts.expectedAnswer,
  },
  'GET /api/alerts/pipelines': {
    about: 'The file of pipelines that holds, and who applied it; `null` without one.',
    answer: '`{"applied": {"applied_at", "applied_by", "text", "expectations"}}`',
  },
  'POST /api/alerts/pipelines': {
    about: 'Lets a file of pipelines hold from now on. With problems nothing is changed.',
    body: alerts.pipelinesBody,
    answer: alerts.applyAnswer,
    maxBodyBytes: 3_000_000,
  },
  'POST /api/alerts/incidents/restore': {
    about: 'Builds a lost store of incidents again from their log.',
    answer: alerts.restoredAnswer,
  },
  'POST /api/alerts/routes/test': {
    about: 'Sends a real message on a route of the file that holds.',
    body: alerts.testRouteBody,
    answer: deliverySchema,
    maxBodyBytes: 100_000,
  },
  'GET /api/recovery/decisions': {
    about:
      'What was decided about failed runs, and what people asked to run again, by slot, the latest decision first; [recovery](recovery.md) says what the decisions are.',
    query: recovery.decisionsQuery,
    answer: recovery.decisionsAnswer,
  },
  'POST /api/recovery/replays/plan': {
    about: 'What a replay of a run would do: it changes nothing. `problems` says why it would be refused.',
    body: recovery.planBody,
    answer: recovery.planAnswer,
    maxBodyBytes: 1_000_000,
    statuses: '400: several runs have that id. 404: there is no such run.',
  },
  'POST /api/recovery/replays': {
    about:
      'Starts a run again as its plan says. Asking twice with one `new_run_id` starts it once. The name of the token, where it has one, goes before `who`.',
    body: recovery.replayBody,
    answer: recovery.restartAnswer,
    maxBodyBytes: 1_000_000,
    statuses: '400: the plan has a problem. 404: there is no such run.',
  },
  'POST /api/recovery/starts': {
    about:
      'Starts a run of a pipeline that has none yet, as of a slot that was missed. Asking twice with one `run_id` starts it once.',
    body: recovery.startBody,
    answer: recovery.restartAnswer,
    maxBodyBytes: 1_000_000,
    statuses: '400: the pipeline cannot be started.',
  },
  'GET /api/recovery/watermark': {
    about: 'How far the data of a pipeline has come. Without `data_until` its next run loads everything.',
    query: recovery.watermarkQuery,
    answer: recovery.watermarkAnswer,
  },
  'POST /api/recovery/watermark': {
    about: 'Sets the watermark of a pipeline by hand; without `data_until`, to none. Answers what holds then.',
    body: recovery.watermarkBody,
    answer: recovery.watermarkAnswer,
    maxBodyBytes: 1_000_000,
  },
  'POST /api/recovery/restore': {
    about:
      'Builds a lost store of decisions again from their log; starts that were planned are left to people. Answers how many slots the log has.',
    answer: recovery.restoredAnswer,
  },
  'GET /api/recovery/watermark/history': {
    about: 'Each time that the watermark of a pipeline was set by hand, the latest first.',
    query: recovery.watermarkQuery,
    answer: recovery.watermarkHistoryAnswer,
  },
};
