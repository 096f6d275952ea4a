import { Command } from '../../parts/copy.tsx';

/** The shortest ways to send an event to the ledger that serves this page. */
export function SendHints({ needsToken = false }: { readonly needsToken?: boolean }) {
  const { origin } = location;
  const bearer = needsToken ? ` \\\n  -H "Authorization: Bearer $RUNLEDGER_TOKEN"` : '';
  const curl = `curl ${origin}/events${bearer} \\
  -d '{"process_name": "hello", "run_id": "1", "event_type": "RUN_END", "status": "SUCCESS"}'`;
  return (
    <>
      <Command text={curl} />
      <p>From a shell, around any command: its start, its end, its exit code and its last lines.</p>
      <Command text={`RUNLEDGER_URL=${origin} runledger exec --pipeline nightly_backup -- ./backup.sh`} />
    </>
  );
}
