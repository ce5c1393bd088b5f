// sqlite_vec.mjs <folder of packages> <database> <row, or first-end> <k> [scores.npy]
// sqlite_vec.mjs <folder of packages> <database> fill <vectors.npy>
// The nearest frames of rows by sqlite-vec, which searches a whole table of vectors.
import { renameSync } from 'node:fs';
import { answer, packagesIn, rowsAsked } from './packages.mjs';
import { openVectors } from './vectors.mjs';

const [packages, path, asked, ...words] = process.argv.slice(2);
const load = packagesIn(packages);

if (asked === 'fill') fill(words[0]);
else ask(...words);

function open(file) {
  const db = new (load('better-sqlite3'))(file);
  load('sqlite-vec').load(db);
  return db;
}

function ask(k, target) {
  const search = open(path).prepare(
    'SELECT distance FROM frames WHERE vector MATCH (SELECT vector FROM frames WHERE rowid = ?) AND k = ? ORDER BY distance',
  );
  const found = rowsAsked(asked).map((row) => search.all(BigInt(row), BigInt(k) + 1n));
  // The first result is the row itself.
  answer(
    found.map((nearest) => nearest.slice(1).map(({ distance }) => 1 - distance)),
    target,
  );
}

function fill(vectors) {
  const unfinished = `${path}.${process.pid}`;
  const { rows, dim, read } = openVectors(vectors);
  const db = open(unfinished);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  db.exec(`CREATE VIRTUAL TABLE frames USING vec0(vector float[${dim}] distance_metric=cosine)`);
  const insert = db.prepare('INSERT INTO frames(rowid, vector) VALUES (?, ?)');
  db.transaction(() => {
    for (let first = 0; first < rows; first += 1000) {
      const block = read(first, Math.min(1000, rows - first));
      for (let i = 0; i * dim < block.length; i++)
        insert.run(BigInt(first + i), new Uint8Array(block.buffer, i * dim * 4, dim * 4));
    }
  })();
  db.close();
  renameSync(unfinished, path);
}
