import { ledger } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { Loaded } from '../../parts/state.tsx';
import { hrefOf } from '../../router/address.ts';
import { Link } from '../../router/use-address.tsx';

/** What SQL may ask: tables, views, and what each column holds. */
export function Tables() {
  const data = useData('tables', (signal) => ledger.tables(signal));
  return (
    <Loaded data={data} what="the tables">
      {(tables) => (
        <section aria-label="Tables and views">
          <h2>Tables and views</h2>
          {tables.map(({ name, comment, columns }) => (
            <details key={name}>
              <summary title={comment}>{name}</summary>
              <p class="hint">
                {comment} <Link to={hrefOf(['ask'], { sql: `select * from ${name} limit 50` })}>Look at 50 rows</Link>
              </p>
              <ul>
                {columns.map((column) => (
                  <li key={column.name} title={column.comment}>
                    <code>{column.name}</code>{' '}
                    <small class="hint">{column.type.length > 24 ? `${column.type.slice(0, 23)}…` : column.type}</small>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </section>
      )}
    </Loaded>
  );
}
