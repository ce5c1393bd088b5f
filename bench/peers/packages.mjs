// What the peers from npm have in common: how they load their packages, read the rows to ask about, and print answers.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @param {string} folder where `npm run bench -- --peers` installs them @returns what loads its packages */
export function packagesIn(folder) {
  return createRequire(`${folder}/package.json`);
}

/** @param {string} asked a row, or the rows from one up to another, `0-100` @returns {number[]} */
export function rowsAsked(asked) {
  const [first, end = first + 1] = asked.split('-').map(Number);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

/**
 * Prints the scores of one row as JSON, or writes those of several rows as an `.npy` of float32 [rows x k].
 * @param {number[][]} scores of each row, largest first, without the row itself
 * @param {string | undefined} target
 */
export function answer(scores, target) {
  if (target === undefined) {
    process.stdout.write(`${JSON.stringify({ results: scores[0].map((score) => ({ score })) })}\n`);
    return;
  }
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${scores.length}, ${scores[0].length}), }`;
  const header = Buffer.from(`\x93NUMPY\x01\x00v\x00${dict.padEnd(117)}\n`, 'latin1');
  writeFileSync(target, Buffer.concat([header, Buffer.from(Float32Array.from(scores.flat()).buffer)]));
}
