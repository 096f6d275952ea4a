// A job that tells the ledger of itself, and ends as its pipeline of the chaos test asks for.
import { appendFileSync } from 'node:fs';

const { RUNLEDGER_URL, RUNLEDGER_TOKEN, RUNLEDGER_RUN_ID, RUNLEDGER_PIPELINE, RUNLEDGER_ENVIRONMENT } = process.env;
const { RUNLEDGER_PARENT_RUN_ID, RUNLEDGER_ROOT_RUN_ID, RUNLEDGER_PARAMS = '{}', RUNLEDGER_RUN_MODE } = process.env;
const { RUNLEDGER_SCHEDULED_FOR, RUNLEDGER_FROM_STEP } = process.env;
const attempt = Number(process.env.RUNLEDGER_RUN_ATTEMPT);
const headers = {
  'content-type': 'application/x-ndjson',
  ...(RUNLEDGER_TOKEN && { authorization: `Bearer ${RUNLEDGER_TOKEN}` }),
};

appendFileSync(
  'started.txt',
  `${RUNLEDGER_PIPELINE} ${RUNLEDGER_RUN_ID} ${RUNLEDGER_PARAMS} ${RUNLEDGER_FROM_STEP ?? ''}\n`,
);

async function tell(event) {
  const line = {
    ...{ process_name: RUNLEDGER_PIPELINE, environment: RUNLEDGER_ENVIRONMENT, run_id: RUNLEDGER_RUN_ID },
    ...{ run_attempt: attempt, event_time: new Date().toISOString(), run_mode: RUNLEDGER_RUN_MODE },
    ...{ parent_run_id: RUNLEDGER_PARENT_RUN_ID, root_run_id: RUNLEDGER_ROOT_RUN_ID },
    ...{ scheduled_for: RUNLEDGER_SCHEDULED_FOR, ...event },
  };
  // A busy ledger is asked again, as every client does.
  for (let isTaken = false; !isTaken; ) {
    try {
      const answer = await fetch(`${RUNLEDGER_URL}/events`, { method: 'POST', headers, body: JSON.stringify(line) });
      isTaken = answer.ok;
      if (!isTaken) console.error(answer.status, await answer.text());
    } catch (error) {
      console.error(error);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

const start_time = new Date().toISOString();
const begin = (more) => tell({ event_type: 'RUN_START', status: 'RUNNING', start_time, ...more });
const end = (error_code) =>
  tell({
    ...{
      event_type: 'RUN_END',
      status: error_code ? 'FAILED' : 'SUCCESS',
      start_time,
      end_time: new Date().toISOString(),
    },
    ...(error_code && { error: { error_code, message: 'as asked for' } }),
  });
const hang = () => new Promise((done) => setTimeout(done, 120_000));

const workers = Number(JSON.parse(RUNLEDGER_PARAMS).workers ?? 2);
/** What each pipeline does once it has begun. */
const COURSES = {
  transient: () => end(attempt < 3 ? 'T101' : undefined),
  permanent: () => end('D201'),
  resource: () => end(workers < 4 ? 'R401' : undefined),
  hanging: () => (attempt < 2 ? hang() : end()),
  killed: () => (attempt < 2 ? process.kill(process.pid, 'SIGKILL') : end()),
  exhausted: () => end('T101'),
  backfilled: () => end(),
};
// A run that is to end well never hangs or falls silent, however slow the machine: it is told of when it is over.
const endsAtOnce = attempt > 1 && ['killed', 'hanging'].includes(RUNLEDGER_PIPELINE);
if (!endsAtOnce) await begin(RUNLEDGER_PIPELINE === 'killed' ? { heartbeat_interval_ms: 500 } : {});
await COURSES[RUNLEDGER_PIPELINE]();
