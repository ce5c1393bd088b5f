#!/usr/bin/env node
// A replacement for DuckDB's shell, which no registry has: `duckdb [-csv] -c <statements>`. It uses the npm package of
// DuckDB.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const words = process.argv.slice(2).map((word) => word.replace(/^-(?=csv$)/, '--'));
const { values } = parseArgs({
  args: words,
  options: { csv: { type: 'boolean' }, c: { type: 'string', short: 'c' } },
});
const { DuckDBInstance } = createRequire(`${process.env.DUCKDB_FOLDER}/`)('@duckdb/node-api');
const connection = await (await DuckDBInstance.create()).connect();
const reader = await connection.runAndReadAll(values.c);
if (values.csv) {
  const rows = [reader.columnNames(), ...reader.getRows()];
  process.stdout.write(rows.map((row) => `${row.join(',')}\n`).join(''));
}
