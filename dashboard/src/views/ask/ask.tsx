import { useMemo, useRef, useState } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import { useAnswer } from '../../http/billed.ts';
import { deployed } from '../../http/deployed.ts';
import { type Answer, type AskableQuestion, ledger, type Session } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { Chart } from '../../parts/chart.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { limitedTo } from '../../parts/may.ts';
import { Empty, Loaded, Section, Waiting } from '../../parts/state.tsx';
import { goWith } from '../../router/use-address.tsx';
import { cellText, chartOf, csvOf, isNumber } from './answer.ts';
import { Tables } from './tables.tsx';

const FIRST = `select process_name, status, count(*) as runs
from current_runs
where start_time > current_timestamp - interval '7' day
group by process_name, status
order by runs desc`;

/** Ask anything: SQL, or a named question; the answer as a table, a chart and CSV. */
export function AskView({
  query,
  session,
}: {
  readonly query: Readonly<Record<string, string>>;
  readonly session: Session;
}) {
  const limits = limitedTo(session);
  const { sql, question, ...given } = query;
  const questions = useData('questions', (signal) => ledger.questions(signal));
  const chosen = questions.value?.find(({ name }) => name === question);
  return (
    <>
      <header class="view-head">
        <h1>Ask</h1>
      </header>
      <div class="ask">
        <div class="ask-main">
          {question === undefined && limits !== undefined ? (
            <Empty title="Choose a named question">
              <p>
                Your token is limited to <bdi>{limits}</bdi>, and each named question is answered from that. SQL of your
                own reads the rows of all: it needs a token without limits.
              </p>
            </Empty>
          ) : question === undefined ? (
            <Sql key={sql} sql={sql} />
          ) : (
            chosen !== undefined && (
              <Question
                key={`${question} ${JSON.stringify(given)}`}
                question={chosen}
                given={given}
                mayWriteSql={limits === undefined}
              />
            )
          )}
          {questions.value !== undefined && question !== undefined && chosen === undefined && (
            <p class="failure" role="alert">
              There is no question named {question.slice(0, 100)}. Choose one of the list.
            </p>
          )}
        </div>
        <aside class="ask-aside">
          <Loaded data={questions} what="the questions">
            {(all) => (
              <details open={question !== undefined || sql === undefined}>
                <summary>Named questions</summary>
                <ul>
                  {all.map(({ name, summary }) => (
                    <li key={name}>
                      <button
                        type="button"
                        class="plain"
                        title={summary}
                        aria-pressed={name === question}
                        onClick={() => goWith({ ...blank(query), question: name })}
                      >
                        {name}
                      </button>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </Loaded>
          <Tables />
        </aside>
      </div>
    </>
  );
}

/** What takes every value out of an address. */
const blank = (query: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(query).map((name) => [name, undefined]));

function Sql({ sql }: { readonly sql: string | undefined }) {
  const editor = useRef<HTMLTextAreaElement>(null);
  const run = (): void => {
    const text = editor.current?.value.trim() ?? '';
    if (text !== '' && text !== sql) goWith({ sql: text });
  };
  return (
    <>
      <form
        class="sql"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <label for="sql" class="hidden">
          SQL
        </label>
        <textarea
          id="sql"
          ref={editor}
          rows={7}
          spellcheck={false}
          defaultValue={sql ?? FIRST}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            run();
          }}
        />
        <div>
          <button type="submit" class="main">
            Run
          </button>
          <span class="hint">
            Ctrl Enter. One SELECT, as Athena reads it
            {deployed() === undefined ? '; at most 100,000 rows and 10 seconds' : ''}. The address keeps it.
          </span>
        </div>
      </form>
      {sql !== undefined && (
        <Answered key={sql} what={sql} name="SQL" load={(signal, asOf) => ledger.query(sql, signal, asOf)} />
      )}
    </>
  );
}

function Question({
  question,
  given,
  mayWriteSql,
}: {
  readonly question: AskableQuestion;
  readonly given: Readonly<Record<string, string>>;
  readonly mayWriteSql: boolean;
}) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const values = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]),
    );
    goWith({ ...blank(given), ...values });
  };
  return (
    <>
      <h2>{question.name}</h2>
      <p class="hint">{question.summary}</p>
      <form class="filters" aria-label={question.name} onSubmit={submit}>
        {Object.entries(question.asks).map(([name, asked]) => (
          <label key={name} title={asked.comment}>
            {name}
            <input
              name={name}
              defaultValue={given[name] ?? ''}
              placeholder={asked.default || 'any'}
              autocomplete="off"
              spellcheck={false}
            />
          </label>
        ))}
        <button type="submit" class="main">
          Ask
        </button>
        {mayWriteSql && (
          <button type="button" onClick={() => goWith({ ...blank(given), question: undefined })}>
            Write SQL
          </button>
        )}
      </form>
      <Answered
        what={`${question.name} ${JSON.stringify(given)}`}
        name={question.name}
        load={(signal, asOf) => ledger.question(question.name, given, signal, asOf)}
      />
    </>
  );
}

/** Asks once: an answer of SQL stays as it is until it is asked again. */
function Answered({
  what,
  name,
  load,
}: {
  readonly what: string;
  readonly name: string;
  readonly load: (signal: AbortSignal, asOf: string | undefined) => Promise<Answer>;
}) {
  const { value, error, isLoading, reload } = useAnswer(`ask ${what}`, name, load);
  if (error !== undefined) {
    return (
      <p class="failure" role="alert">
        {error.message}
      </p>
    );
  }
  if (isLoading) return <Waiting />;
  return value === undefined ? null : <Shown answer={value} again={reload} />;
}

function Shown({ answer, again }: { readonly answer: Answer; readonly again: () => void }) {
  const [isChart, setChart] = useState(false);
  const chart = useMemo(() => chartOf(answer), [answer]);
  const { columns, rows, truncated, elapsed_ms, note } = answer;
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([csvOf(answer)], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'answer.csv' });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Section
      title={`${countShown(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`}
      aside={
        <span class="tabs">
          <span class="hint">{durationShown(elapsed_ms)}</span>
          {chart !== undefined && (
            <button type="button" class="small" aria-pressed={isChart} onClick={() => setChart(!isChart)}>
              Chart
            </button>
          )}
          <button type="button" class="small" onClick={download}>
            CSV
          </button>
          <button type="button" class="small" onClick={again}>
            Again
          </button>
        </span>
      }
    >
      {truncated && <p class="failure">There are more rows than an answer holds: ask for fewer.</p>}
      {note !== undefined && <p class="hint">{note}</p>}
      {isChart && chart !== undefined && (
        <div class="panel">
          <Chart
            label="The answer"
            at={chart.at}
            lines={chart.lines}
            show={(value) => value.toLocaleString('en-US')}
            height={260}
          />
        </div>
      )}
      {rows.length > 0 && (
        <DataTable
          label="The answer"
          rows={rows}
          columns={columns.map(({ name, type }, at) => ({
            head: name,
            means: type,
            isNumber: isNumber(type),
            cell: (row: readonly unknown[]) => <Cell value={row[at]} />,
          }))}
        />
      )}
    </Section>
  );
}

function Cell({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <span class="unknown">null</span>;
  const text = cellText(value);
  return <bdi title={text.length > 40 ? text.slice(0, 2_000) : undefined}>{text.slice(0, 400)}</bdi>;
}
