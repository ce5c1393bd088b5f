import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotProduct } from '../../../../src/kernel/scalar.js';
import { cosine } from '../../../../src/ranking/metric.js';
import type { SketchedBlock } from '../../../../src/search/batch/block-rows.js';
import type { Pair } from '../../../../src/search/batch/sketches/pair-bounds.js';
import { type Asker, createPass } from '../../../../src/search/batch/sketches/sketch-pass.js';
import { createSketchTiler } from '../../../../src/search/batch/sketches/sketch-tiles.js';
import { codeScale, doubleAllowance, roundUpToFloat32 } from '../../../../src/search-index/bound.js';
import { seededNumbers } from '../../../seeded-numbers.js';

/** Wide enough for a head, a middle and a rest, each of which leaves out a large part of every row. */
const [dim, width] = [200, 136];
const frames = 50;

test('a pair exactly as close as one of its rows needs is found, whatever its codes leave out', () => {
  const vectors = randomVectors(1);
  // Each row once more, in another order: what is left out of both is the same, so that the bounds are reached.
  const again = vectors.map((_, row) => vectors[(7 * row + 3) % frames]);
  const [a, b] = [blockOf(0, vectors), blockOf(1, again)];
  const tiler = createSketchTiler();
  for (const side of ['a', 'b'] as const) {
    const given: string[] = [];
    const never = Number.POSITIVE_INFINITY;
    const asker: Asker = {
      isBlind: false,
      offered: 0,
      floorA: () => (side === 'a' ? 1 : never),
      floorB: () => (side === 'b' ? 1 : never),
      consider: ({ rowA, rowB }) => given.push(`${rowA} ${rowB}`),
    };
    createPass(a, b, 'cosine', tiler, [asker]).overAll(() => true);
    const equal = again.map((_, rowB) => `${(7 * rowB + 3) % frames} ${rowB}`);
    assert.deepEqual(given.sort(), equal.sort());
  }
});

test('no bound is too low if the codes leave out far less of one row than of the other', () => {
  // Half of a head, a head, a middle and all codes end before these coordinates.
  for (const after of [16, 32, 96, width]) {
    const [little, much] = [0.2, 1.2].map((angle) => {
      const vector = new Float32Array(dim);
      vector[0] = Math.cos(angle);
      vector[after] = Math.sin(angle);
      return vector;
    });
    const closeness = cosine(dotProduct(little, much), dotProduct(little, little), dotProduct(much, much));
    const [a, b] = [blockOf(0, Array(frames).fill(little)), blockOf(1, Array(frames).fill(much))];
    for (const floors of [
      [closeness, Number.POSITIVE_INFINITY],
      [Number.POSITIVE_INFINITY, closeness],
    ]) {
      let given = 0;
      const asker: Asker = {
        isBlind: false,
        offered: 0,
        floorA: () => floors[0],
        floorB: () => floors[1],
        consider: () => given++,
      };
      createPass(a, b, 'cosine', createSketchTiler(), [asker]).overAll(() => true);
      assert.equal(given, frames * frames, `${after}`);
    }
  }
});

test('a blind asker first gets the closest pair of each row, once', () => {
  const [a, b] = [blockOf(0, randomVectors(2)), blockOf(1, randomVectors(3))];
  const given: Record<'blind' | 'sighted', string[]> = { blind: [], sighted: [] };
  const askerOf = (kind: 'blind' | 'sighted'): Asker => ({
    isBlind: kind === 'blind',
    offered: 0,
    floorA: () => Number.NEGATIVE_INFINITY,
    floorB: () => Number.NEGATIVE_INFINITY,
    consider: ({ rowA, rowB }: Pair) => given[kind].push(`${rowA} ${rowB}`),
  });
  const pass = createPass(a, b, 'cosine', createSketchTiler(), [askerOf('blind'), askerOf('sighted')]);
  pass.overClosest();
  const first = [...given.blind];
  assert.equal(new Set(first.map((pair) => pair.split(' ')[0])).size, frames);
  assert.equal(new Set(first.map((pair) => pair.split(' ')[1])).size, frames);
  assert.deepEqual(given.sighted, []);
  pass.overAll(() => true);
  for (const pairs of [given.blind, given.sighted]) {
    assert.equal(pairs.length, frames * frames);
    assert.equal(new Set(pairs).size, frames * frames);
  }
});

/** Of unit length. */
function randomVectors(seed: number): Float32Array[] {
  const next = seededNumbers(seed);
  return Array.from({ length: frames }, () => {
    const values = Float32Array.from({ length: dim }, next);
    const length = Math.sqrt(dotProduct(values, values));
    return values.map((value) => value / length);
  });
}

/** The basis is that of the first coordinates. */
function blockOf(number: number, vectors: readonly Float32Array[]): SketchedBlock {
  const codes = new Int16Array(frames * width);
  const remainders = new Float32Array(frames);
  let coding = 0;
  for (const [row, vector] of vectors.entries()) {
    let error = 0;
    let left = 0;
    for (const [i, value] of vector.entries()) {
      const code = i < width ? Math.round(value * codeScale) : 0;
      if (i < width) codes[row * width + i] = code;
      const missed = value - code / codeScale;
      left += missed * missed;
      if (i < width) error += missed * missed;
    }
    remainders[row] = roundUpToFloat32(Math.sqrt(left));
    coding = Math.max(coding, Math.sqrt(error));
  }
  const squaredNorms = Float64Array.from(vectors, (vector) => dotProduct(vector, vector));
  return {
    block: {
      number,
      frames,
      dim,
      films: [],
      firstFrame: 0,
      filmOf: new Int32Array(frames),
      shotOf: Int32Array.from({ length: frames }, (_, row) => Math.floor(row / 6)),
      shotCount: Math.ceil(frames / 6),
      squaredNorms,
      roleOf: new Uint8Array(frames).fill(1),
      anyRole: 1,
    },
    width,
    readSketches(target) {
      target.set(codes);
      return { remainders, coding: coding + doubleAllowance(dim), delta: 0 };
    },
    squaredNormRange: { least: Math.min(...squaredNorms), most: Math.max(...squaredNorms) },
    readRow() {
      assert.fail('no row is to be read');
    },
    byteLength: codes.byteLength,
    close() {},
  };
}
