/* What the ledger starts when a person asks for it on the page: tells that it began where it was told to, and ended. */
const {
  RUNLEDGER_URL,
  RUNLEDGER_RUN_ID,
  RUNLEDGER_PIPELINE,
  RUNLEDGER_ENVIRONMENT,
  RUNLEDGER_FROM_STEP,
  RUNLEDGER_PARAMS,
} = process.env;
const run = { process_name: RUNLEDGER_PIPELINE, environment: RUNLEDGER_ENVIRONMENT, run_id: RUNLEDGER_RUN_ID };
const events = [
  { ...run, event_type: 'RUN_START', message: `from step ${RUNLEDGER_FROM_STEP} with ${RUNLEDGER_PARAMS}` },
  { ...run, event_type: 'RUN_END', status: 'SUCCESS' },
];
await fetch(`${RUNLEDGER_URL}/events`, {
  method: 'POST',
  body: events.map((event) => JSON.stringify(event)).join('\n'),
});
