import { useEffect, useState } from 'preact/hooks';
import { onSignedOut } from '../http/ask.ts';
import { noteDeployed } from '../http/deployed.ts';
import { ledger, type Session } from '../http/ledger.ts';
import { startLive } from '../http/live.ts';
import { forgetData } from '../http/use-data.ts';
import { Bill } from '../parts/bill.tsx';
import { limitedTo } from '../parts/may.ts';
import { Failure, Waiting } from '../parts/state.tsx';
import { mostNamedZone } from '../time/most-named-zone.ts';
import { notePipelinesZone } from '../time/zones.ts';
import { Header } from './header.tsx';
import { Nav } from './nav.tsx';
import { SignIn } from './sign-in.tsx';
import { View } from './view.tsx';

const RETRY_MS = 2_000;
const SESSION_OVER = 'your session is over: its token holds no more, or the ledger was started again; sign in to go on';

/** An address may bring a token behind its #, where no server and no log sees it. It is taken out at once. */
let takenToken: string | undefined;
if (location.hash.startsWith('#token=')) {
  takenToken = location.hash.slice('#token='.length);
  history.replaceState(null, '', location.pathname + location.search);
}

/** The whole page: who may look, then the views. */
export function App() {
  const [session, setSession] = useState<Session>();
  const [why, setWhy] = useState<string>();
  const [error, setError] = useState<Error>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    (takenToken === undefined ? ledger.session() : ledger.signIn(takenToken).catch(() => ledger.session()))
      .then((found) => {
        takenToken = undefined;
        noteDeployed(found.deployed);
        setSession(found);
        setError(undefined);
      })
      .catch((cause: unknown) => {
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        timer = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      });
    return () => clearTimeout(timer);
  }, [attempt]);

  const signedOut = (reason: string | undefined): void => {
    // Of several answers the first says why; those after it know no session any more.
    setWhy((before) => before ?? (reason?.includes('no Authorization') ? SESSION_OVER : reason));
    setSession((before) => before && { ...before, needs_token: true, caller: null });
  };
  useEffect(() => onSignedOut(signedOut), []);

  const isIn = session !== undefined && session.caller !== null;
  useEffect(
    () => (isIn ? startLive(() => signedOut('expected a token that holds, but yours holds no more')) : undefined),
    [isIn],
  );

  // Times are shown where the pipelines are at home, until a reader chooses.
  const mayReadFile = isIn && limitedTo(session) === undefined;
  useEffect(() => {
    if (!mayReadFile) return;
    ledger
      .pipelinesFile()
      .then(({ applied }) => notePipelinesZone(mostNamedZone(applied?.expectations.pipelines ?? [])))
      .catch(() => undefined);
  }, [mayReadFile]);

  if (session === undefined) {
    return <main class="plain">{error === undefined ? <Waiting /> : <Failure error={error} what="the ledger" />}</main>;
  }
  if (session.caller === null) {
    return (
      <SignIn
        why={why}
        how={session.deployed?.sign_in ?? 'cookie'}
        onSignedIn={(found) => {
          forgetData();
          noteDeployed(found.deployed);
          setWhy(undefined);
          setSession(found);
        }}
      />
    );
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header session={session} onSignedOut={() => signedOut(undefined)} />
      <Nav />
      <main id="main" tabIndex={-1}>
        <Bill />
        <View session={session} />
      </main>
    </>
  );
}
