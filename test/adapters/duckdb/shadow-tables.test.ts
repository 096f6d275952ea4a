import { openShadowTables } from '../../../adapters/duckdb/shadow-tables.ts';
import { openTestLake } from '../../agreement/lake.ts';
import { shadowTablesContract } from '../../contracts/shadow-tables.contract.ts';

shadowTablesContract('DuckDB', async () => {
  const { lake, engine, close } = await openTestLake();
  return { engine, openShadowTables: () => openShadowTables(lake), close };
});
