/*
 * What changes at the ledger, as it changes: server-sent events, or, where a proxy keeps them back or the ledger has too
 * many readers, a look every so often. Whoever shows something asks to be told when it may have changed.
 */

import { deployed } from './deployed.ts';

export type Topic = 'runs' | 'incidents';
/** `live`: told of changes. `polling`: looks every so often. `away`: the ledger does not answer. */
export type LiveState = 'live' | 'polling' | 'away';

const POLL_MS = 15_000;
/** A stream that has said nothing for that long is kept back by somebody. */
const HELLO_MS = 6_000;
const RETRY_MS = 3_000;

const listeners = new Set<(topics: ReadonlySet<Topic>) => void>();
const stateListeners = new Set<(state: LiveState) => void>();
const EVERYTHING: ReadonlySet<Topic> = new Set(['runs', 'incidents']);
let state: LiveState = 'polling';
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

const tell = (topics: ReadonlySet<Topic>): void => {
  for (const listener of listeners) listener(topics);
};

function enter(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const listener of stateListeners) listener(next);
}

/** Begins to listen, and begins again whenever it broke off. Returns how to stop. */
export function startLive(onSignedOut: () => void): () => void {
  const everyS = deployed()?.looks_every_s;
  return everyS === undefined ? listen(onSignedOut) : look(everyS * 1_000);
}

/** When something that changes was read last. */
let lookedAt: number | undefined;
export const lastLook = (): number | undefined => lookedAt;
export function noteLook(): void {
  lookedAt = Date.now();
  for (const listener of stateListeners) listener(state);
}

/** Looks every so often, as long as the page is seen; and at once when it is seen again after longer than that. */
function look(everyMs: number): () => void {
  const timer = setInterval(() => {
    if (!document.hidden) tell(EVERYTHING);
  }, everyMs);
  const seen = (): void => {
    if (!document.hidden && Date.now() - (lookedAt ?? 0) > everyMs) tell(EVERYTHING);
  };
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

function listen(onSignedOut: () => void): () => void {
  let isStopped = false;
  let helloTimer: ReturnType<typeof setTimeout> | undefined;
  const poll = setInterval(() => {
    if (state !== 'live' && !document.hidden) tell(EVERYTHING);
  }, POLL_MS);

  function connect(): void {
    if (isStopped) return;
    source = new EventSource('/api/live');
    const wasAway = state !== 'live';
    helloTimer = setTimeout(() => enter('polling'), HELLO_MS);
    source.addEventListener('hello', () => {
      clearTimeout(helloTimer);
      enter('live');
      if (wasAway) tell(EVERYTHING);
    });
    source.addEventListener('change', (event) => {
      const { runs, incidents } = JSON.parse((event as MessageEvent<string>).data) as {
        readonly runs: readonly unknown[];
        readonly incidents: boolean;
      };
      tell(
        new Set<Topic>([...(runs.length > 0 ? ['runs' as const] : []), ...(incidents ? ['incidents' as const] : [])]),
      );
    });
    source.addEventListener('refresh', () => tell(EVERYTHING));
    source.addEventListener('signed-out', onSignedOut);
    source.addEventListener('error', () => {
      clearTimeout(helloTimer);
      // A browser gives up for good where the answer is no stream, and does not say why: ask.
      source?.close();
      void fetch('/api/session')
        .then((response) => enter(response.ok ? 'polling' : 'away'))
        .catch(() => enter('away'));
      timer = setTimeout(connect, RETRY_MS);
    });
  }

  connect();
  return () => {
    isStopped = true;
    clearInterval(poll);
    clearTimeout(timer);
    clearTimeout(helloTimer);
    source?.close();
    enter('polling');
  };
}

/** Calls the listener whenever one of these may have changed. */
export function onChange(topics: readonly Topic[], listener: () => void): () => void {
  const each = (changed: ReadonlySet<Topic>): void => {
    if (topics.some((topic) => changed.has(topic))) listener();
  };
  listeners.add(each);
  return () => void listeners.delete(each);
}

export const liveState = (): LiveState => state;
export function onLiveState(listener: (state: LiveState) => void): () => void {
  stateListeners.add(listener);
  return () => void stateListeners.delete(listener);
}
