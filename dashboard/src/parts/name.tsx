import { type PipelineRef, pipelineHref, type RunRef, runHref } from '../router/links.ts';
import { Link } from '../router/use-address.tsx';
import { When } from './when.tsx';

/** Text that others sent. One that writes from right to left turns none of its neighbours around. */
export function Text({ of, class: name }: { readonly of: string | null; readonly class?: string }) {
  return of === null ? <span class="unknown">–</span> : <bdi class={name}>{of}</bdi>;
}

export function PipelineName({ of }: { readonly of: PipelineRef }) {
  return (
    <span class="pipeline">
      <Link to={pipelineHref(of)} title={of.process_name ?? ''}>
        <Text of={of.process_name} />
      </Link>
      <Environment of={of.environment} />
    </span>
  );
}

export function Environment({ of }: { readonly of: string | null }) {
  return of === null ? null : (
    <bdi class="environment" title={`environment ${of}`}>
      {of}
    </bdi>
  );
}

/** Enough of an id to tell runs apart; all of it for who rests on it. */
export function RunName({ of, whole = false }: { readonly of: RunRef; readonly whole?: boolean }) {
  const id = of.run_id ?? '';
  return (
    <Link to={runHref(of)} class="run-id" title={id}>
      <bdi>{whole ? id : shortId(id)}</bdi>
    </Link>
  );
}

/** Random ids by their first eight characters; ids that say something by as much as fits. */
export const shortId = (id: string): string =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) ? id.slice(0, 8) : id.length > 28 ? `${id.slice(0, 27)}…` : id;

/** A sentence in which moments stand as the ledger writes them: they are shown in the reader's zone. */
export function Instants({ text }: { readonly text: string }) {
  const parts = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/);
  return <>{parts.map((part, at) => (at % 2 === 1 ? <When key={at} at={part} /> : part))}</>;
}
