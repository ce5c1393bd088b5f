// duckdb_cosine.mjs <folder of packages> <folder of .parquet> <film> <row, or first-end> <k> [scores.npy]
// The nearest frames of rows of a film by DuckDB, on Parquet files that giallo wrote, one for each film. Uses
// array_cosine_similarity, which is exact.
import { answer, packagesIn, rowsAsked } from './packages.mjs';

const [packages, folder, film, asked, k, target] = process.argv.slice(2);
const { DuckDBInstance } = packagesIn(packages)('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const ofFilm = `read_parquet('${folder}/${film}.parquet')`;
const [[dim]] = await rowsOf(`SELECT len(embedding) FROM ${ofFilm} LIMIT 1`);
const vector = `FLOAT[${dim}]`;
const rows = rowsAsked(asked);
const wanted = Number(k) + 1;
const found = await rowsOf(`
  WITH queries AS (
    SELECT file_row_number AS number, embedding::${vector} AS query
    FROM read_parquet('${folder}/${film}.parquet', file_row_number = true)
    WHERE file_row_number BETWEEN ${rows[0]} AND ${rows.at(-1)}
  )
  SELECT number, max(array_cosine_similarity(embedding::${vector}, query), ${wanted}) AS scores
  FROM read_parquet('${folder}/*.parquet'), queries GROUP BY number ORDER BY number`);
// The first result is the row itself.
answer(
  found.map(([, scores]) => scores.items.slice(1)),
  target,
);

async function rowsOf(sql) {
  return (await connection.runAndReadAll(sql)).getRows();
}
