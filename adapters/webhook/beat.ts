const TIMEOUT_MS = 8_000;

/**
 * Sends a sign of life to an address of a monitor, which tells of it when none comes. Throws when it was not taken, without
 * the address: it is a secret.
 */
export async function sendBeat(address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Error('expected the address of the monitor to begin with https:// or http://');
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new Error(`expected the monitor to take a sign of life, but it could not be reached`, { cause });
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`expected the monitor to take a sign of life, but it answered ${response.status}`);
}
