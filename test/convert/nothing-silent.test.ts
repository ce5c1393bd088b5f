/** No input loses frames or changes names without a warning or an error. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Converted, convertFile } from '../../src/convert/convert-file.js';
import { type FormName, formOfPath } from '../../src/convert/forms.js';
import { readParquet } from '../../src/convert/read-parquet.js';
import { bytesOf, namesArray } from '../collection/small-films.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { type ExpectedError, rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const options = {
  force: false,
  dtype: 'float32',
  compression: 'deflated',
  nan: 'refuse',
  onDuplicate: 'refuse',
  reading: {},
} as const;

async function convert(source: string, target: string, force = false): Promise<Converted> {
  const conversion = {
    sources: [{ path: source, form: formOfPath(source) as FormName }],
    isMerge: false,
    target,
    to: formOfPath(target) ?? 'json',
  } as const;
  return await convertFile(conversion, { ...options, force });
}

/** The JSON to which a text is converted. */
async function toJson(
  name: string,
  content: string | Buffer,
): Promise<{ json: string; warnings: readonly string[] }> {
  const folder = temporaryFolder({ [name]: content });
  const target = join(folder, 'out.json');
  const { warnings } = await convert(join(folder, name), target);
  return { json: readFileSync(target, 'utf8').replaceAll('\n', ''), warnings };
}

describe('the frames of a CSV file are all read', () => {
  const lines = ['filename,v0,v1', 'a.jpg,1,2', 'b.jpg,3,4'];
  for (const [name, end] of Object.entries({ CR: '\r', LF: '\n', CRLF: '\r\n' })) {
    for (const last of ['', end, end + end]) {
      test(`with lines that end in ${name}${last ? '' : ', the last one in nothing'}, ${last.length} bytes`, async () => {
        const { json, warnings } = await toJson('x.csv', lines.join(end) + last);
        assert.equal(json, '{"a.jpg":[1,2],"b.jpg":[3,4]}');
        assert.deepEqual(warnings, []);
      });
    }
  }

  test('also after a header longer than the first read', async () => {
    const dim = 300_000;
    const header = ['filename', ...Array.from({ length: dim }, (_, i) => `v${i}`)].join(',');
    const row = ['a', ...Array.from({ length: dim }, () => '1')].join(',');
    const folder = temporaryFolder({ 'x.csv': `${header}\r${row}\r${row.replace('a', 'b')}\r` });
    const { frames } = await convert(join(folder, 'x.csv'), join(folder, 'x.npz'));
    assert.equal(frames, 2);
  });

  test('with line breaks in names kept', async () => {
    const { json } = await toJson('x.csv', 'filename,v0\r"a\nb",1\r');
    assert.equal(json, '{"a\\nb":[1]}');
  });

  test('unless lines end differently from the first, which is an error', async () => {
    for (const text of ['filename,v0\na,1\rb,2\r', 'filename,v0\ra,1\nb,2\n']) {
      await rejects(() => toJson('x.csv', text), { code: 'input-malformed' });
    }
  });
});

describe('a file without frames', () => {
  const warned = {
    'header.csv': 'filename,v0,v1\n',
    'cr.csv': 'filename,v0,v1\r',
    'no-end.csv': 'filename,v0,v1',
    'empty.json': ' {} ',
  };
  for (const [name, content] of Object.entries(warned)) {
    test(`${name} is read with a warning`, async () => {
      const { json, warnings } = await toJson(name, content);
      assert.equal(json, '{}');
      assert.match(warnings.join('\n'), new RegExp(`${name}: no frames in it$`));
    });
  }
});

describe('everything except frames is left out with a warning', () => {
  const leftOut = /^.*: only vectors and filenames are converted; left out: the (.*)$/;

  test('arrays of an archive, also those that cannot be read', async () => {
    const folder = temporaryFolder({
      'x.npz': buildZip([
        { name: 'embeddings.npy', raw: buildNpy('<f4', [1, 2], bytesOf(1, 2)) },
        { name: 'filenames.npy', raw: namesArray('a') },
        { name: 'times.npy', raw: buildNpy('<f8', [1], Buffer.alloc(8)) },
        { name: 'broken.npy', raw: Buffer.from('no array') },
      ]),
    });
    const { warnings } = await convert(join(folder, 'x.npz'), join(folder, 'y.npy'));
    assert.deepEqual(
      warnings.map((text) => leftOut.exec(text)?.[1]),
      ['arrays times, broken'],
    );
  });
});

describe('input that is not a table of frames is refused', () => {
  const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
  const csv = 'filename,v0\na,1\n';
  const refused: Readonly<Record<string, readonly [string | Buffer, ExpectedError]>> = {
    'an empty file': ['', { code: 'input-malformed', message: /an empty file/ }],
    'only line ends': ['\r\r', { code: 'input-malformed' }],
    'no header': ['a,1\n', { code: 'input-malformed', message: /header/ }],
    semicolons: [csv.replaceAll(',', ';'), { code: 'input-malformed', hint: /commas/ }],
    tabs: [csv.replaceAll(',', '\t'), { code: 'input-malformed', hint: /commas/ }],
    'UTF-16': [utf16(csv), { code: 'input-malformed', hint: /UTF-16/ }],
    'UTF-16 without a mark': [utf16(csv).subarray(2), { code: 'input-malformed', hint: /UTF-16/ }],
    'Latin-1 names': [
      Buffer.from('filename,v0\nä,1\n', 'latin1'),
      { code: 'input-malformed', message: /UTF-8/ },
    ],
  };
  for (const [what, [content, expected]] of Object.entries(refused)) {
    test(`CSV: ${what}`, () => rejects(() => toJson('x.csv', content), expected));
  }
  const json: Readonly<Record<string, string | Buffer>> = {
    'an empty file': '',
    'white space': ' \n',
    'an array': '[]',
    null: 'null',
    'an object a line': '{"a":[1]}\n{"b":[2]}\n',
    'UTF-16': utf16('{"a":[1]}'),
    'Latin-1 names': Buffer.from('{"ä":[1]}', 'latin1'),
  };
  for (const [what, content] of Object.entries(json)) {
    test(`JSON: ${what}`, () => rejects(() => toJson('x.json', content), { code: 'input-malformed' }));
  }
});

test('files of other formats are named', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\n';
  for (const name of ['x.csv', 'x.json'])
    await rejects(() => toJson(name, pointer), {
      code: 'input-malformed',
      message: /: not CSV or JSON, but a Git LFS pointer$/,
      hint: /git lfs pull/,
    });
  await rejects(() => readParquet(join(temporaryFolder({ 'x.parquet': pointer }), 'x.parquet')), {
    code: 'input-malformed',
    message: /: not a Parquet file, but a Git LFS pointer$/,
    hint: /git lfs pull/,
  });
});

test('half of a surrogate pair in a name is refused', async () => {
  for (const form of ['csv', 'parquet', 'npz', 'npy']) {
    const folder = temporaryFolder({ 'x.json': '{"\\ud800":[1]}' });
    await rejects(() => convert(join(folder, 'x.json'), join(folder, `y.${form}`)), {
      code: 'value-unrepresentable',
      message: /half of a surrogate pair/,
    });
  }
});

describe('a source', () => {
  test('that grows while it is read is an error, and nothing is written', async () => {
    const dim = 512;
    const vector = new Array(dim).fill(1).join();
    for (const [name, line] of [
      ['x.csv', (i: number) => `${i},${vector}\n`],
      ['x.json', (i: number) => `${i === 0 ? '{' : ','}"${i}":[${vector}]\n`],
    ] as const) {
      const text = Array.from({ length: 2000 }, (_, i) => line(i)).join('');
      const header = `filename,${Array.from({ length: dim }, (_, i) => `v${i}`)}\n`;
      const folder = temporaryFolder({ [name]: name === 'x.csv' ? `${header}${text}` : `${text}}` });
      const path = join(folder, name);
      const conversion = {
        sources: [{ path, form: formOfPath(name) as FormName }],
        isMerge: false,
        target: join(folder, 'x.npz'),
        to: 'npz',
      } as const;
      let isTouched = false;
      const onProgress = () => {
        if (!isTouched) appendFileSync(path, name === 'x.csv' ? `more,${vector}\n` : ' ');
        isTouched = true;
      };
      await rejects(() => convertFile(conversion, options, { onProgress }), {
        code: 'file-unreadable',
        message: /changed while it was being read/,
      });
      assert.throws(() => readFileSync(join(folder, 'x.npz')));
    }
  });

  test('is never overwritten, and neither are the names beside an .npy', async () => {
    const folder = temporaryFolder({ 'x.json': '{"a\\nb":[1]}', 'y.json': '{"a":[1]}' });
    const at = (name: string) => join(folder, name);
    await convert(at('x.json'), at('z.npy'));
    const names = readFileSync(at('z.json'), 'utf8');
    await rejects(() => convert(at('z.npy'), at('z.json'), true), {
      code: 'usage',
      message: /overwrite its input/,
    });
    assert.equal(readFileSync(at('z.json'), 'utf8'), names);
    symlinkSync('y.json', at('link.json'));
    await rejects(() => convert(at('y.json'), at('link.json'), true), { code: 'usage' });
  });

  test('may have a symbolic link as target, whose file is then written', async () => {
    const folder = temporaryFolder({ 'x.json': '{"a":[1]}', 'real.csv': 'old' });
    symlinkSync('real.csv', join(folder, 'link.csv'));
    await convert(join(folder, 'x.json'), join(folder, 'link.csv'), true);
    assert.equal(readFileSync(join(folder, 'real.csv'), 'utf8'), 'filename,v0\na,1\n');
    writeFileSync(join(folder, 'link.csv'), 'through the link');
    assert.equal(readFileSync(join(folder, 'real.csv'), 'utf8'), 'through the link');
  });
});
