/** `giallo search` with texts, with small programs of the test as encoders. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { splitWords } from '../../../src/commands/inputs/encode-texts.js';
import { runGiallo } from '../../run-giallo.js';
import { temporaryFolder } from '../../temporary-folder.js';

const films = fileURLToPath(new URL('../../fixtures/golden/films', import.meta.url));

const folder = temporaryFolder({
  // Gives the vector of Alpha's frame 3 for any text, and records the text.
  encoder: `#!/bin/sh\ncat > '${'$'}{0}.text'\ncat "$1"\n`,
  failing: '#!/bin/sh\necho "no model" >&2\necho "at line 3" >&2\nexit 3\n',
  silent: '#!/bin/sh\nexit 0\n',
  deaf: '#!/bin/sh\nexec 0<&-\ncat "$1"\n',
  waiting: '#!/bin/sh\nexec sleep 60\n',
});
for (const name of ['encoder', 'failing', 'silent', 'deaf', 'waiting']) chmodSync(join(folder, name), 0o755);

function search(encoder: string | undefined, words: readonly string[], signal?: AbortSignal) {
  const env: Record<string, string> = encoder === undefined ? {} : { GIALLO_ENCODER: encoder };
  return runGiallo(['search', ...words, '-d', films, '-k', '1'], { env, ...(signal && { signal }) });
}

const vectorFile = join(folder, 'vector.json');
await runGiallo(['vector', 'Alpha', '3', '-d', films, '-o', vectorFile]);

describe('texts', () => {
  test('are searched by the vectors of the encoder, and shown as the queries’ names', async () => {
    const {
      status,
      stdout: json,
      stderr,
    } = await search(`${join(folder, 'deaf')} '${vectorFile}'`, ['a black glove', 'rain', '--json']);
    assert.equal(status, 0, stderr);
    const { answers } = JSON.parse(json);
    assert.deepEqual(
      answers.map(
        ({ query, text, results }: { query: number; text: string; results: { index: number }[] }) => [
          query,
          text,
          results[0]?.index,
        ],
      ),
      [
        [0, 'a black glove', 3],
        [1, 'rain', 3],
      ],
    );
  });

  test('are shown in tables and on the page', async () => {
    const page = join(folder, 'page.html');
    const { stdout: csv } = await search(`${join(folder, 'deaf')} ${vectorFile}`, [
      'a black, glove',
      '--csv',
      '--html',
      page,
    ]);
    assert.match(csv, /^query,rank,film,index,filename,score\n"a black, glove",1,/);
    assert.match(readFileSync(page, 'utf8'), /<title>a black, glove<\/title>/);
  });

  const refused: [encoder: string | undefined, words: string[], status: number, message: RegExp][] = [
    [
      undefined,
      ['rain'],
      2,
      /a text needs an encoder: name its program in \$GIALLO_ENCODER\nhint: docs\/your-own-films\.md/,
    ],
    ['', ['rain'], 2, /a text needs an encoder/],
    [undefined, ['my shot.jpg'], 2, /that is here: `giallo similar 'my shot\.jpg' --all --data /],
    ["''", ['rain'], 2, /a text needs an encoder/],
    [folder, ['rain'], 2, /not a program, or you may not run it/],
    [
      'yes',
      ['rain'],
      1,
      /\$GIALLO_ENCODER \(yes\): a vector of more than 268435456 bytes, or without an end/,
    ],
    ['/no/encoder', ['rain'], 2, /\$GIALLO_ENCODER: \/no\/encoder: no such program/],
    [join(folder, 'failing'), ['rain'], 1, /failing ended with 3: no model at line 3\n/],
    [join(folder, 'silent'), ['rain'], 1, /expected a vector, found nothing/],
    ["'unended", ['rain'], 2, /\$GIALLO_ENCODER: a quote does not end: 'unended\n/],
    ['cat | clip', ['rain'], 2, /ENCODER: \| works only in a shell.*\nhint: .*: sh -c 'cat \| clip'\n/],
    ['clip 2>log', ['rain'], 2, /ENCODER: 2>log works only/],
    ['cd models && clip', ['rain'], 2, /ENCODER: && works only/],
    ['~/clip', ['rain'], 2, /ENCODER: ~\/clip works only/],
    ['$HOME/clip', ['rain'], 2, /ENCODER: \$HOME\/clip works only/],
    ["/no/encoder '|' 'a;b' \\~ x?a=1&b", ['rain'], 2, /no\/encoder: no such program/],
    [join(folder, 'silent'), [''], 2, /the text to search for is empty/],
    [join(folder, 'silent'), ['rain', '--vector', 'x.json'], 2, /a text cannot be used with --vector/],
    [undefined, [], 2, /search needs a text or --vector <file>/],
  ];
  for (const [encoder, words, status, message] of refused) {
    test(`are refused: ${message.source}`, async () => {
      const answer = await search(encoder, words);
      assert.match(answer.stderr, message);
      assert.equal(answer.status, status);
      assert.equal(answer.stdout, '');
    });
  }

  test('end their encoder when the search is aborted', async () => {
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(new Error('enough')), 300);
    const { status } = await search(join(folder, 'waiting'), ['rain'], aborting.signal);
    assert.equal(status, 70);
  });
});

const split: [line: string, words: string[]][] = [
  ['', []],
  ['  a  b ', ['a', 'b']],
  ["'a b' c", ['a b', 'c']],
  ['"a \\" b"c', ['a " bc']],
  ['a\\ b', ['a b']],
  ["python3 -c 'print(1)' $HOME *", ['python3', '-c', 'print(1)', '$HOME', '*']],
  ["''", ['']],
  ['sh -c "x | y"', ['sh', '-c', 'x | y']],
];
for (const [line, words] of split) {
  test(`the words of ${JSON.stringify(line)}`, () => assert.deepEqual(splitWords(line, 'here'), words));
}
