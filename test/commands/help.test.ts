import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import { commandList } from '../../src/commands/command-list.js';
import { helpText, wrapped } from '../../src/render/help.js';
import { recordingIo } from '../recording-io.js';

describe('help fits the width of the terminal', () => {
  const topics = [[], ...commandList.map(({ name }) => [name])];
  for (const topic of topics) {
    for (const columns of [120, 80, 60, 40]) {
      test(`giallo help ${topic.join('')} in ${columns} columns`, async () => {
        const recording = recordingIo({ columns });
        assert.equal(await main(['help', ...topic], recording.io), 0);
        const lines = recording.stdout().split('\n');
        // A word that is wider than the terminal, such as an address, stays whole.
        const isTooWide = (line: string) =>
          line.length > columns && line.trim().includes(' ') && !/^\s*\S{35,}/.test(line);
        assert.deepEqual(lines.filter(isTooWide), []);
      });
    }
  }
  test('even in one column', async () => {
    const recording = recordingIo({ columns: 1 });
    assert.equal(await main(['help', 'similar'], recording.io), 0);
    assert.match(recording.stdout(), /--exclude-near/);
  });
});

test('the list of commands shows the same arguments as the files of the commands', async () => {
  for (const { name, arguments: listed, load } of commandList) {
    const spec = await load();
    assert.equal(spec.name, name);
    assert.equal(listed, spec.arguments.map(({ flags }) => flags).join(' '), name);
  }
});

test('examples have no unquoted patterns, which zsh refuses if no file matches', async () => {
  const specs = await Promise.all(commandList.map(({ load }) => load()));
  const lines = specs.flatMap(({ examples }) => examples.map(([line]) => line));
  assert.deepEqual(
    lines.filter((line) => /[[?]/.test(line.replace(/'[^']*'/g, ''))),
    [],
  );
});

test('words are never broken', () => {
  assert.deepEqual(wrapped('  a bbbb cc ddddddddd', 6, 3), ['  a', '   bbbb', '   cc', '   ddddddddd']);
});

describe('an example', () => {
  const page = (line: string) => ({
    usage: 'x',
    description: 'y',
    sections: [],
    examples: [[line, 'does']] as const,
    closing: '',
  });
  test('is beside its description if both fit', () => {
    assert.match(helpText(page('giallo abc'), 80), /\n {2}giallo abc {2}does\n/);
  });
  test('is wrapped if it does not fit, without breaking quoted words', () => {
    const text = helpText(page(`giallo abc 'd e  f' ghi jkl mno pqr`), 24);
    assert.match(text, /\n {2}giallo abc 'd e {2}f' \\\n {4}ghi jkl mno pqr\n {6}does\n/);
  });
});
