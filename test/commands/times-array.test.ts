/** Times that an array in a film's archive holds, as numpy writes them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { pythonWithNumpy, skipsWithoutNumpy } from '../numpy.js';
import { runGiallo as run } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';
import { answered } from './timed-films.js';

const folder = temporaryFolder();
const films = `
import numpy as np
v = np.arange(6, dtype=np.float32).reshape(3, 2) + 1
n = np.array(["a", "b", "c"])
def save(name, **times): np.savez("${folder}/" + name, embeddings=v, filenames=n, **times)
save("doubles", times=np.array([0.1, 5000.123456789, 7]))
save("integers", at=np.array([[1], [2], [3]], dtype=">i4"))
save("halves", times=np.array([[0.5], [2], [2048]], dtype=">f2"))
save("brains", times=np.array([0x3f00, 0x4000, 0x4500], "<u2").view("V2"))
save("objects", times=np.array([1, 2, 3], dtype=object))
save("durations", times=np.array([500, 1500, 2500], dtype="m8[ms]"))
save("dates", times=np.array([500, 1500, 2500], dtype="M8[ms]"))
save("few", times=np.array([0.1, 0.2]))
`;

function python(program: string): string {
  return execFileSync(pythonWithNumpy ?? 'python3', ['-c', program], { encoding: 'utf8' });
}

async function seconds(film: string, ...options: string[]): Promise<number[]> {
  const text = await answered(['info', film, '--frames', '--json', '-d', folder, ...options]);
  return JSON.parse(text).frames.map((frame: { seconds: number }) => frame.seconds);
}

describe('an array of times in the archive', { skip: skipsWithoutNumpy }, () => {
  before(() => python(films));

  test('is read exactly, whatever its number type', async () => {
    assert.deepEqual(await seconds('doubles'), [0.1, 5000.123456789, 7]);
    assert.deepEqual(await seconds('halves'), [0.5, 2, 2048]);
    assert.deepEqual(await seconds('brains', '--assume', 'bfloat16'), [0.5, 2, 2048]);
  });

  test('is read under the name that --times-key gives', async () => {
    assert.deepEqual(await seconds('integers', '--times-key', 'at'), [1, 2, 3]);
  });

  test('is overridden by --interval', async () => {
    assert.deepEqual(await seconds('doubles', '--interval', '2'), [0, 2, 4]);
  });

  test('of objects is an error with a line of Python that mends it', async () => {
    const { stderr } = await run(['similar', 'objects', '@1', '-d', folder]);
    assert.match(stderr, /found object\nhint: save them in seconds .* array\.astype\(numpy\.float64\)$/m);
  });

  for (const [film, expected] of [
    ['durations', '[0.5, 1.5, 2.5]'],
    ['dates', '[0.0, 1.0, 2.0]'],
  ] as const) {
    test(`of ${film} is an error with a line of Python that converts them to seconds`, async () => {
      const { stderr } = await run(['times', film, '-d', folder]);
      const [, line] = /are made: (.*)$/m.exec(stderr) ?? [];
      const array = `numpy.load("${folder}/${film}.npz")["times"]`;
      assert.equal(python(`import numpy; array = ${array}; print((${line}).tolist())`).trim(), expected);
    });
  }

  test('with fewer numbers than frames is ignored with a warning', async () => {
    const { stderr } = await run(['info', 'few', '--frames', '-d', folder]);
    assert.match(stderr, /warning: .*times.*expected one number for each of 3 frames, found \(2,\)/);
  });
});
