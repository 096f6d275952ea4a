import { readFileSync } from 'node:fs';

/** The SQL of each panel of the dashboard, as Grafana and its data source for Athena complete it. */
export function grafanaPanels(range: { readonly since: string; readonly now: string }) {
  const dashboard = JSON.parse(readFileSync('examples/grafana-dashboard.json', 'utf8')) as {
    readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly rawSQL: string }[] }[];
  };
  const timestamp = (instant: string) => `TIMESTAMP '${instant.slice(0, 19).replace('T', ' ')}'`;
  return dashboard.panels.map(({ title, targets: [target] }) => ({
    title,
    sql: (target?.rawSQL ?? '')
      .replaceAll('$__timeFrom()', timestamp(range.since))
      .replaceAll('$__timeTo()', timestamp(range.now))
      .replaceAll(/\$\{environment:sqlstring\}/g, "''")
      .replaceAll(/\$\{process_name:sqlstring\}/g, "'%'"),
  }));
}
