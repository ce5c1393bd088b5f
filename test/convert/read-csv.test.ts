import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { readCsv } from '../../src/convert/read-csv.js';
import type { ErrorCode } from '../../src/errors.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type Held, hold } from './frames-in-memory.js';

async function read(text: string | Buffer): Promise<Held> {
  const path = join(temporaryFolder(), 'film.csv');
  await writeFile(path, text);
  return await hold(await readCsv(path));
}

test('names may be quoted, and may contain anything', async () => {
  const film = await read(
    'filename,v0,v1\na,1,2\n"b,""c""\nd\r",3,-0\n,5,6\n""\r\n,7,8\n'.replace('""\r\n,', '"",'),
  );
  assert.deepEqual(film.filenames, ['a', 'b,"c"\nd\r', '', '']);
  assert.deepEqual([...film.values], [1, 2, 3, -0, 5, 6, 7, 8]);
});

test('CRLF, a byte order mark, other column names and no final newline are read', async () => {
  const film = await read('\uFEFF"filename",x,"y"\r\na,1,2\r\n"b",3,4');
  assert.deepEqual(film.filenames, ['a', 'b']);
  assert.deepEqual([...film.values], [1, 2, 3, 4]);
});

test('numbers are read as other programs write them', async () => {
  const film = await read(
    'filename,v0,v1,v2,v3\na,+1.5,.5,2.,1E-03\nb,nan,-inf,Infinity,"7"\nc,NaN,-Infinity,INF,"-1e1"\n',
  );
  assert.deepEqual(
    [...film.values],
    [
      1.5,
      0.5,
      2,
      Math.fround(0.001),
      Number.NaN,
      -Infinity,
      Infinity,
      7,
      Number.NaN,
      -Infinity,
      Infinity,
      -10,
    ],
  );
});

test('spaces around numbers are read, as numpy.savetxt writes them', async () => {
  const film = await read('filename, v0, v1, v2\na, 1.5 ,\t-2, "3"\nb ,4, nan," 6 " \n');
  assert.deepEqual(film.filenames, ['a', 'b ']);
  assert.deepEqual([...film.values], [1.5, -2, 3, 4, Number.NaN, 6]);
});

test('column names may contain commas, as pandas writes them', async () => {
  const film = await read('filename,"(\'v\', 0)","(""v"", 1)"\na,1,2\n');
  assert.deepEqual([...film.values], [1, 2]);
});

test('CR CR LF, as Python writes it on Windows, is read', async () => {
  for (const end of ['', '\r\r\n', '\r\r\n\r\r\n']) {
    const film = await read(`filename,v0,v1\r\r\na,1,2\r\r\n"b",3,4${end}`);
    assert.deepEqual(film.filenames, ['a', 'b']);
    assert.deepEqual([...film.values], [1, 2, 3, 4]);
  }
});

test('other ends of lines are refused, and do not make all lines the header', async () => {
  for (const end of ['\u2028', '\u2029', '\x85', '\x1e', '\v']) {
    const text = ['filename,v0', 'a,1', ''].join(end);
    await rejects(() => read(text), {
      code: 'input-malformed',
      message: /lines must end in LF, CRLF or CR$/,
    });
  }
});

test('empty lines after the last record are ignored', async () => {
  for (const end of ['\n', '\n\n\n', '\r\n\r\n', '\n\r\n']) {
    assert.deepEqual((await read(`filename,v0\na,1\nb,2${end}`)).filenames, ['a', 'b']);
  }
});

test('a header alone is a film without frames', async () => {
  for (const text of ['filename,v0,v1', 'filename,v0,v1\n', 'filename,v0,v1\r\n']) {
    assert.deepEqual(await read(text), { filenames: [], dim: 2, values: new Float32Array() });
  }
  assert.deepEqual(await read('filename\n'), { filenames: [], dim: 0, values: new Float32Array() });
});

test('records longer than one read are read correctly', async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `${'n'.repeat(i % 400)},"\n\u{1F3AC}${i}`);
  const rows = names.map(
    (name, i) =>
      `"${name.replaceAll('"', '""')}",${Array(150)
        .fill(i / 8)
        .join(',')}`,
  );
  const header = `filename,${Array.from({ length: 150 }, (_, i) => `v${i}`).join(',')}`;
  const film = await read([header, ...rows].join('\r\n'));
  assert.deepEqual(film.filenames, names);
  assert.deepEqual(film.values, Float32Array.from(names.flatMap((_, i) => Array(150).fill(i / 8))));
});

interface Malformed {
  readonly text: string;
  readonly code?: ErrorCode;
  readonly line: number;
  readonly said: RegExp;
  readonly hint?: RegExp;
}

const malformed: Record<string, Malformed> = {
  'a line break in a name without quotes': {
    text: 'filename,v0\n\ra,1\n\rb,2\n',
    line: 2,
    said: /a line break in a name needs quotes: "\\ra"/,
  },
  'an empty file': {
    text: '',
    line: 1,
    said: /the header must be filename,v0,v1,\.\.\.; found an empty file/,
  },
  'no header': { text: 'a,1,2\n', line: 1, said: /found "a,1,2"/ },
  'a name below a header of one column': {
    text: 'filename\na\n',
    line: 2,
    said: /"a": the header has no columns of numbers$/,
  },
  'too few fields': {
    text: 'filename,v0,v1\na,1\n',
    code: 'shape-mismatch',
    line: 2,
    said: /"a": 2 fields, but the header has 3/,
  },
  'too many fields': {
    text: 'filename,v0\na,1\nb,1,2\n',
    code: 'shape-mismatch',
    line: 3,
    said: /"b": 3 fields, but the header has 2/,
  },
  'an empty line': { text: 'filename,v0\na,1\n\n\nb,1\n', line: 3, said: /the line is empty/ },
  'an empty line with CRLF': {
    text: 'filename,v0\r\n\r\na,1\r\n',
    line: 2,
    said: /the line is empty/,
  },
  'an empty field': {
    text: 'filename,v0,v1\na,,2\n',
    line: 2,
    said: /"a": column v0 is empty$/,
    hint: /NaN is written as nan$/,
  },
  'a missing number, as R writes it': {
    text: 'filename,v0\na,NA\n',
    line: 2,
    said: /column v0 holds no number: "NA"$/,
    hint: /NaN is written as nan$/,
  },
  'a decimal comma': {
    text: 'filename,v0,v1\na,"1,5",2\n',
    line: 2,
    said: /column v0 holds no number: "\\"1,5\\""$/,
  },
  'a word': { text: 'filename,v0,v1\na,1,x y\n', line: 2, said: /column v1 holds no number: "x y"/ },
  'a number with letters': { text: 'filename,v0\na,1x\n', line: 2, said: /no number: "1x"/ },
  'a number too large for float32': {
    text: 'filename,v0\na,1e39\n',
    code: 'value-unrepresentable',
    line: 2,
    said: /too large for float32: "1e39"/,
  },
  'a number too large for float64': {
    text: 'filename,v0\na,+1e999\n',
    code: 'value-unrepresentable',
    line: 2,
    said: /too large for float32: "\+1e999"/,
  },
  'a quote inside an unquoted name': {
    text: 'filename,v0\na"b,1\n',
    line: 2,
    said: /quotes .*: "a\\"b"/,
  },
  'text behind a closing quote': { text: 'filename,v0\n"a"b,1\n', line: 2, said: /quotes/ },
  'a quote that does not close': {
    text: 'filename,v0\na,1\n"b,1\n',
    line: 3,
    said: /a quoted field has no closing quote/,
  },
  'a line behind a name of two lines': {
    text: 'filename,v0\n"a\nb",1\nc\n',
    code: 'shape-mismatch',
    line: 4,
    said: /"c"/,
  },
};

for (const [what, { text, code = 'input-malformed', line, said, hint }] of Object.entries(malformed)) {
  test(`${what} is refused at its line`, () =>
    rejects(() => read(text), {
      code,
      message: new RegExp(`film\\.csv: line ${line}: .*${said.source}`),
      hint,
    }));
}

test('bytes that are not UTF-8 are refused in a name', async () => {
  const text = Buffer.from([...Buffer.from('filename,v0\na'), 0xff, ...Buffer.from(',1\n')]);
  await rejects(() => read(text), {
    code: 'input-malformed',
    message: /line 2: the filename is not UTF-8$/,
    hint: /Latin-1, run: python3 -c .* latin1$/,
  });
});
