import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused, signInAs } from '../http/ask.ts';
import { ledger, type Session } from '../http/ledger.ts';

/** Asks for a token. The address stays, so that whoever signs in is where they wanted to be. */
export function SignIn({
  why,
  how,
  onSignedIn,
}: {
  readonly why: string | undefined;
  readonly how: 'cookie' | 'bearer';
  readonly onSignedIn: (session: Session) => void;
}) {
  const [problem, setProblem] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const token = input.current?.value.trim() ?? '';
    if (token === '') return setProblem('expected a token, but got nothing');
    setAsking(true);
    try {
      if (how === 'bearer') signInAs(token);
      onSignedIn(await ledger.signIn(how === 'bearer' ? 'in the header' : token));
    } catch (error) {
      signInAs(undefined);
      const isRefused = how === 'bearer' && error instanceof Refused && error.status === 401;
      setProblem(
        isRefused
          ? 'expected a token of the ledger’s issuer that holds, but got another; get a new one'
          : error instanceof Error
            ? error.message
            : String(error),
      );
      setAsking(false);
      input.current?.select();
    }
  };

  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Runledger</h1>
        {why !== undefined && (
          <p class="failure" role="alert">
            {why}
          </p>
        )}
        <label for="token">Token</label>
        <input
          id="token"
          ref={input}
          type="password"
          name="token"
          autocomplete="current-password"
          spellcheck={false}
          aria-describedby="token-help"
          aria-invalid={problem !== undefined}
        />
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="main" disabled={isAsking}>
          Sign in
        </button>
        <p id="token-help" class="hint">
          {how === 'bearer' ? (
            'A JSON web token of the issuer that this ledger trusts. It stays in this page, until you leave it.'
          ) : (
            <>
              The token that the ledger was started with, or a named one that may read:{' '}
              <code>runledger token create NAME --role read</code>
            </>
          )}
        </p>
      </form>
    </main>
  );
}
