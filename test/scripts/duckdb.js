#!/usr/bin/env node
// Stands in for DuckDB's shell, which is in no registry: `duckdb [-csv] -c <statements>`, with DuckDB itself from npm.
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
