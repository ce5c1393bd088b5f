import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFilmsJson, writeFilmEntry } from '../../src/times/films-json.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const folderWith = (text: string) => temporaryFolder({ 'films.json': text });

test('an entry has what is known of a film, with the path of its video relative to the file', async () => {
  const folder = folderWith(
    '\uFEFF{"v": 1, "films": {"A": {"interval": 0.4, "start": 2, "video": "../v/A.mp4", "rate": "24/1", "note": 3}}, "default": {"fps": 3, "rate": 25}}',
  );
  const films = await readFilmsJson(folder);
  assert.deepEqual(films?.entry('A'), {
    interval: 0.4,
    fps: undefined,
    start: 2,
    video: join(folder, '../v/A.mp4'),
    rate: { numerator: 24, denominator: 1 },
  });
  assert.equal(films?.entry('B')?.fps, 3);
  assert.equal(films?.entry('constructor')?.fps, 3);
});

test('the default says what is missing in an entry without interval and fps', async () => {
  const entries = { A: { fps: 2 }, B: { start: 1 } };
  const usual = { interval: 0.4, start: 3, rate: '24/1' };
  const folder = folderWith(JSON.stringify({ v: 1, films: entries, default: usual }));
  await writeFilmEntry(folder, 'C', { video: join(folder, 'C.mp4') });
  const films = await readFilmsJson(folder);
  const known = ['A', 'B', 'C'].map((film) => films?.entry(film));
  assert.deepEqual(
    known.map((entry) => entry?.interval ?? entry?.fps),
    [2, 0.4, 0.4],
  );
  assert.deepEqual(
    known.map((entry) => entry?.start),
    [undefined, 1, 3],
  );
  assert.deepEqual(
    known.map((entry) => entry?.rate?.numerator),
    [undefined, 24, 24],
  );
  assert.equal(known[2]?.video, join(folder, 'C.mp4'));
});

test('a film has the same entry in both Unicode forms', async () => {
  const films = await readFilmsJson(folderWith(JSON.stringify({ v: 1, films: { 'e\u0301': { fps: 1 } } })));
  assert.equal(films?.entry('é')?.fps, 1);
  const others = await readFilmsJson(folderWith(JSON.stringify({ v: 1, films: { é: { fps: 1 } } })));
  assert.equal(others?.entry('e\u0301')?.fps, 1);
});

test('a film has the entry of its file', async () => {
  const folder = folderWith(
    JSON.stringify({ v: 1, films: { 'A.npz': { fps: 1 }, B: { fps: 2 }, 'B.npz': 3 } }),
  );
  const films = await readFilmsJson(folder);
  assert.deepEqual([films?.entry('A')?.fps, films?.entry('B')?.fps], [1, 2]);
  await writeFilmEntry(folder, 'A', { fps: 4 });
  assert.equal(JSON.parse(readFileSync(join(folder, 'films.json'), 'utf8')).films['A.npz'].fps, 4);
});

test('without a films.json there are no entries', async () => {
  assert.equal(await readFilmsJson(temporaryFolder()), undefined);
  assert.equal(await readFilmsJson('/nowhere/at/all'), undefined);
});

test('a films.json in another encoding is refused and not changed', async () => {
  const json = '{"v": 1, "films": {"caff\xe8": {"fps": 1}}, "default": {"fps": 2}}';
  for (const encoding of ['latin1', 'utf16le'] as const) {
    const bytes = Buffer.from(json, encoding);
    const folder = temporaryFolder({ 'films.json': bytes });
    const expected = { code: 'input-malformed', message: /not UTF-8$/, hint: /run: python3 -c / } as const;
    await rejects(() => readFilmsJson(folder), expected);
    await rejects(() => writeFilmEntry(folder, 'A', { fps: 3 }), expected);
    assert.deepEqual(readFileSync(join(folder, 'films.json')), bytes);
  }
});

const refused: [text: string, message: RegExp][] = [
  ['{', /films\.json: not JSON/],
  ['[]', /films\.json: expected \{"v": 1/],
  ['{"films": {}}', /expected \{"v": 1/],
  ['{"v": 2, "films": {}}', /expected \{"v": 1/],
  ['{"v": 1, "films": []}', /"films" is not an object/],
  ['{"v": 1, "films": {"A": 3}}', /films: A: expected an object/],
  ['{"v": 1, "films": {"A": {"interval": 0}}}', /interval takes seconds, above 0; found 0/],
  [
    `{"v": 1, "films": {"A": {"interval": ${'['.repeat(1e5)}${']'.repeat(1e5)}}}}`,
    /interval takes seconds, above 0; found values nested too deeply/,
  ],
  ['{"v": 1, "films": {"A": {"interval": "0.4"}}}', /interval takes seconds, above 0; found "0.4"/],
  ['{"v": 1, "films": {"A": {"fps": -1}}}', /fps takes screenshots a second, above 0; found -1/],
  ['{"v": 1, "films": {"A": {"interval": 1e308}}}', /interval takes seconds, above 0/],
  ['{"v": 1, "films": {"A": {"fps": 1e-308}}}', /fps takes screenshots a second/],
  ['{"v": 1, "films": {"A": {"start": 1e308}}}', /start takes seconds, from 0/],
  ['{"v": 1, "films": {"A": {"start": -1}}}', /start takes seconds, from 0; found -1/],
  ['{"v": 1, "films": {"A": {"video": ""}}}', /video takes a path; found ""/],
  ['{"v": 1, "films": {"A": {"rate": "24fps"}}}', /rate takes a frame rate/],
  ['{"v": 1, "films": {"A": {"fps": 1, "interval": 1}}}', /interval and fps cannot both be given/],
];
for (const [text, message] of refused) {
  test(`films.json refused: ${text}`, () =>
    rejects(async () => (await readFilmsJson(folderWith(text)))?.entry('A'), {
      code: 'input-malformed',
      message,
    }));
}

test('a pipe or a too large file named films.json is refused at once', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'films.json')]);
  await rejects(() => readFilmsJson(folder), { code: 'file-unreadable', message: /a device or a pipe/ });
  const large = folderWith('{}');
  truncateSync(join(large, 'films.json'), 600_000_000);
  await rejects(() => readFilmsJson(large), { code: 'size-absurd', message: /at most 268435456 are read/ });
});

test('the first entry creates the file', async () => {
  const folder = temporaryFolder();
  const path = await writeFilmEntry(folder, 'Big.Buck', {
    fps: 3,
    video: join(folder, 'v.mp4'),
    rate: '24/1',
  });
  assert.equal(
    readFileSync(path, 'utf8'),
    `{
  "v": 1,
  "films": {
    "Big.Buck": { "fps": 3, "video": "v.mp4", "rate": "24/1" }
  }
}
`,
  );
});

test('writing an entry keeps the others and their order', async () => {
  const text = `{
  "note": "mine",
  "v": 1,
  "films": {
    "2001": { "interval": 0.40, "colour": [1,   2] },
    "A": { "x": 1e0, "interval": 2.0, "start": 1 },
    "1999": {"fps": 1}
  },
  "default": {"fps": 5}
}
`;
  const folder = folderWith(text);
  await writeFilmEntry(folder, 'A', { fps: 2.5 });
  assert.equal(
    readFileSync(join(folder, 'films.json'), 'utf8'),
    text.replace('"interval": 2.0, "start": 1 }', '"start": 1, "fps": 2.5 }'),
  );
  await writeFilmEntry(folder, 'New "film"', { interval: 1 });
  assert.equal(
    readFileSync(join(folder, 'films.json'), 'utf8'),
    text
      .replace('"interval": 2.0, "start": 1 }', '"start": 1, "fps": 2.5 }')
      .replace('{"fps": 1}', '{"fps": 1},\n    "New \\"film\\"": { "interval": 1 }'),
  );
});

const edited: [text: string, entry: object, result: string][] = [
  ['{"v":1}', { fps: 1 }, '{"v":1,"films": { "A": { "fps": 1 } }}'],
  ['{"v":1,"films":{"A":{}}}', { fps: 1 }, '{"v":1,"films":{"A":{\n  "fps": 1\n}}}'],
  ['{"v":1,"films":{"A":{"fps":2}}}', { interval: 1 }, '{"v":1,"films":{"A":{\n  "interval": 1\n}}}'],
  [
    '{"v":1,"films":{"A":{"fps":2,"x":"}{"}}}',
    { interval: 1 },
    '{"v":1,"films":{"A":{"x":"}{","interval": 1}}}',
  ],
  [
    '{"v":1,"films":{"A":{"x":[{"fps":5}],"fps":2}}}',
    { fps: 3 },
    '{"v":1,"films":{"A":{"x":[{"fps":5}],"fps":3}}}',
  ],
  [
    '{\r\n\t"v": 1,\r\n\t"films": {\r\n\t\t"B": {}\r\n\t}\r\n}',
    { start: 2 },
    '{\r\n\t"v": 1,\r\n\t"films": {\r\n\t\t"B": {},\r\n\t\t"A": { "start": 2 }\r\n\t}\r\n}',
  ],
  ['{"v":1,"films":{"A":null}}', { fps: 1 }, '{"v":1,"films":{"A":{ "fps": 1 }}}'],
  // If a key is repeated, the last one is read.
  [
    '{"v":1,"films":{"A":{"fps":2},"A":{"fps":3}}}',
    { fps: 4 },
    '{"v":1,"films":{"A":{"fps":2},"A":{"fps":4}}}',
  ],
  [
    '{"v":1,"films":{"B":{}},"films":{"A":{"fps":2,"x":1,"fps":3}}}',
    { interval: 1 },
    '{"v":1,"films":{"B":{}},"films":{"A":{"x":1,"interval": 1}}}',
  ],
];
for (const [text, entry, result] of edited) {
  test(`written into ${JSON.stringify(text)}`, async () => {
    const folder = folderWith(text);
    await writeFilmEntry(folder, 'A', entry);
    assert.equal(readFileSync(join(folder, 'films.json'), 'utf8'), result);
  });
}

test('a malformed file or entry is an error and not overwritten', async () => {
  const refusal = { code: 'input-malformed', hint: /correct it, or move it away/ } as const;
  const texts = [
    '{"mine": true}',
    ...['[]', '5', '"A"', 'false'].map((a) => `{"v": 1, "films": {"A": ${a}}}`),
  ];
  for (const text of texts) {
    const folder = folderWith(text);
    await rejects(async () => (await readFilmsJson(folder))?.entry('A'), refusal);
    await rejects(() => writeFilmEntry(folder, 'A', { fps: 1 }), refusal);
    assert.equal(readFileSync(join(folder, 'films.json'), 'utf8'), text);
  }
});

test('a film may have the name of a property of every object', async () => {
  const folder = folderWith('{"v": 1, "films": {}}');
  await writeFilmEntry(folder, 'constructor', { fps: 1, start: 2 });
  assert.equal((await readFilmsJson(folder))?.entry('constructor')?.fps, 1);
});

test('several processes that write at the same time each add their entry, and leave no other files', async () => {
  const folder = folderWith('{"v": 1, "films": {"A": {"fps": 1}}}');
  const names = ['B', 'C', 'D', 'E', 'F'];
  await Promise.all(names.map((name, i) => writeFilmEntry(folder, name, { fps: i + 2 })));
  const films = await readFilmsJson(folder);
  assert.deepEqual(
    ['A', ...names].map((name) => films?.entry(name)?.fps),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(readdirSync(folder), ['films.json']);
});
