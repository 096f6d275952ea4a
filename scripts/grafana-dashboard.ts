import { argumentsOf, type Question } from '../core/question.ts';
import { renderWith } from '../sql/define-query.ts';
import { literalOf } from '../sql/parameter.ts';
import { questions } from '../sql/questions.ts';

/** One panel: a named question, and how Grafana draws it. */
interface Panel {
  readonly title: string;
  readonly question: string;
  readonly given?: Readonly<Record<string, string>>;
  readonly type: 'table' | 'timeseries' | 'stat';
  readonly place: readonly [x: number, y: number, width: number, height: number];
}

const PANELS: readonly Panel[] = [
  { title: 'Success, durations and incidents by day', question: 'kpis', type: 'table', place: [0, 0, 24, 8] },
  { title: 'Failed runs', question: 'failed-today', given: { limit: '100' }, type: 'table', place: [0, 8, 24, 8] },
  { title: 'Pipelines', question: 'pipelines', type: 'table', place: [0, 16, 24, 10] },
  { title: 'Runs per day', question: 'runs-per-day', type: 'table', place: [0, 26, 12, 8] },
  { title: 'Durations, with what is usual', question: 'duration-trend', type: 'timeseries', place: [12, 26, 12, 8] },
  { title: 'Failure rates over seven days', question: 'failure-rates', type: 'table', place: [0, 34, 12, 8] },
  { title: 'Error codes', question: 'error-codes', type: 'table', place: [12, 34, 12, 8] },
  { title: 'Data quality', question: 'quality-by-dataset', type: 'table', place: [0, 42, 12, 8] },
  { title: 'How far data has come', question: 'data-lag', type: 'table', place: [12, 42, 12, 8] },
  { title: 'Flaky steps', question: 'flaky-steps', type: 'table', place: [0, 50, 24, 8] },
];

/** `examples/grafana-dashboard.json`: named questions over the time range of the dashboard. */
export const grafanaDashboard = (): string =>
  `${JSON.stringify(
    {
      __inputs: [
        {
          name: 'DS_ATHENA',
          label: 'Athena',
          type: 'datasource',
          pluginId: 'grafana-athena-datasource',
          pluginName: 'Amazon Athena',
        },
      ],
      __requires: [{ type: 'datasource', id: 'grafana-athena-datasource', name: 'Amazon Athena', version: '2.0.0' }],
      title: 'Runledger',
      uid: 'runledger',
      timezone: 'utc',
      schemaVersion: 39,
      time: { from: 'now-30d', to: 'now' },
      templating: {
        list: [
          textVariable('environment', 'Environment (empty: all)', ''),
          textVariable('process_name', 'Pipelines (% stands for any text)', '%'),
        ],
      },
      panels: PANELS.map(panelOf),
    },
    null,
    2,
  )}\n`;

const textVariable = (name: string, label: string, value: string) => ({
  ...{ type: 'textbox', name, label, query: value },
  current: { text: value, value },
});

function panelOf({ title, question: name, given = {}, type, place: [x, y, w, h] }: Panel, at: number) {
  const question = questions[name];
  if (question === undefined) throw new Error(`there is no question ${name}`);
  const datasource = { type: 'grafana-athena-datasource', uid: variable('DS_ATHENA') };
  return {
    ...{ id: at + 1, title, description: question.summary, type, datasource, gridPos: { x, y, w, h } },
    // Format 1 is a table, 0 a time series.
    targets: [{ refId: 'A', datasource, format: type === 'timeseries' ? 0 : 1, rawSQL: textOf(question, given) }],
  };
}

/** As Grafana writes one of its variables. */
function variable(name: string): string {
  return `\${${name}}`;
}

/**
 * What the dashboard gives to every question. The data source writes `$__timeFrom()` and `$__timeTo()` as a timestamp, and
 * Grafana writes a variable with `sqlstring` as quoted text.
 */
const OF_THE_DASHBOARD: Readonly<Record<string, string>> = {
  since: '$__timeFrom()',
  now: '$__timeTo()',
  environment: variable('environment:sqlstring'),
  process_name: variable('process_name:sqlstring'),
};

function textOf(question: Question, given: Readonly<Record<string, string>>): string {
  const values: Readonly<Record<string, unknown>> = argumentsOf(question, given, '2000-01-01T00:00:00.000Z');
  return renderWith(
    question,
    (name) => OF_THE_DASHBOARD[name] ?? literalOf(name, question.parameters[name] ?? 'text', values[name]),
  );
}
