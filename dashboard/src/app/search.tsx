import { useEffect, useRef, useState } from 'preact/hooks';
import { deployed } from '../http/deployed.ts';
import { ledger } from '../http/ledger.ts';
import { rowsOf, textIn } from '../http/rows.ts';
import { hrefOf } from '../router/address.ts';
import { pipelineHref, runHref } from '../router/links.ts';
import { goTo } from '../router/use-address.tsx';

interface Hit {
  readonly kind: string;
  readonly text: string;
  readonly beside: string;
  readonly href: string;
}

const WAIT_MS = 150;
/** Each look at a deployed ledger reads a thousand runs. */
const WAIT_DEPLOYED_MS = 500;

/** Finds runs by the beginning of their id, pipelines and tables by a part of their name. `/` goes to it from everywhere. */
export function Search() {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<readonly Hit[]>([]);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);

  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') return setHits([]);
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        search(wanted, abort.signal)
          .then((found) => {
            setHits(found);
            setAt(0);
            setProblem(undefined);
          })
          .catch((error: unknown) => {
            if (!abort.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
          });
      },
      deployed() === undefined ? WAIT_MS : WAIT_DEPLOYED_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);

  const go = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    setOpen(false);
    setText('');
    input.current?.blur();
    goTo(hit.href);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setOpen(false);
      input.current?.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((before) => Math.max(0, Math.min(hits.length - 1, before + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(hits[at]);
    }
  };
  const shown = isOpen && text.trim() !== '';

  return (
    <div class="search">
      <input
        ref={input}
        type="text"
        role="combobox"
        placeholder="Search runs, pipelines, tables   /"
        aria-label="Search runs, pipelines and tables"
        aria-expanded={shown}
        aria-controls="hits"
        aria-activedescendant={shown && hits[at] !== undefined ? `hit-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={onKeyDown}
      />
      <div id="hits" class="hits" role="listbox" aria-label="Found" hidden={!shown}>
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
          <div
            key={hit.href}
            id={`hit-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => go(hit)}
          >
            <span class="kind">{hit.kind}</span> <bdi>{hit.text}</bdi> <bdi class="beside">{hit.beside}</bdi>
          </div>
        ))}
        {hits.length === 0 && (
          <p role="status">{problem ?? 'Nothing yet. An id is found by its beginning, a name by any part.'}</p>
        )}
      </div>
    </div>
  );
}

async function search(text: string, signal: AbortSignal): Promise<readonly Hit[]> {
  return deployed() === undefined ? searchAll(text, signal) : searchLive(text, signal);
}

/** A run by its id, and pipelines of the latest runs: what the live table finds, for history is billed. */
async function searchLive(text: string, signal: AbortSignal): Promise<readonly Hit[]> {
  const [byId, latest] = await Promise.all([ledger.show(text, {}, signal), ledger.runs({ limit: 1_000 }, signal)]);
  const wanted = text.toLowerCase();
  const hits = new Map<string, Hit>();
  const add = (hit: Hit): void => void (hits.size < 20 && hits.set(hit.href, hit));
  for (const run of [...byId.map((each) => each.run), ...latest.filter((each) => each.run_id?.startsWith(text))]) {
    add({ kind: 'run', text: run.run_id ?? '', beside: run.process_name ?? '', href: runHref(run) });
  }
  for (const { environment, process_name } of latest) {
    if (!process_name?.toLowerCase().includes(wanted)) continue;
    const href = pipelineHref({ environment, process_name });
    add({ kind: 'pipeline', text: process_name, beside: environment ?? '', href });
  }
  return [...hits.values()];
}

async function searchAll(text: string, signal: AbortSignal): Promise<readonly Hit[]> {
  return rowsOf(await ledger.question('search', { text }, signal)).map((row) => {
    const [kind, environment, name] = [
      textIn(row, 'kind') ?? '',
      textIn(row, 'environment'),
      textIn(row, 'name') ?? '',
    ];
    const process_name = textIn(row, 'process_name');
    switch (kind) {
      case 'run':
        return {
          ...{ kind, text: name, beside: process_name ?? '' },
          href: runHref({ environment, process_name, run_id: name }),
        };
      case 'pipeline':
        return { kind, text: name, beside: environment ?? '', href: pipelineHref({ environment, process_name: name }) };
      default:
        return { kind, text: name, beside: '', href: hrefOf(['lineage'], { dataset: name }) };
    }
  });
}
