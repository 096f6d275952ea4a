// Whether the ledger that serves $RUNLEDGER_DATA (or the folder that is named) is well: exit code 0 when it is, else 1 and
// why. It takes events while it is not; see /health in docs/http.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? process.env.RUNLEDGER_DATA ?? '.runledger';
try {
  const { url, token } = JSON.parse(readFileSync(join(folder, 'serving.json'), 'utf8'));
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/health`, { headers, signal: AbortSignal.timeout(8_000) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
} catch (error) {
  process.stderr.write(`the ledger of ${folder} is not well: ${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
