import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Help } from 'commander';
import { commandList } from '../../src/commands/command-list.js';
import { recordingIo } from '../recording-io.js';

for (const { name, words, load } of commandList) {
  test(`what help says of ${name} is what the command says of itself`, async () => {
    const command = (await load())(recordingIo().io, []);
    assert.equal(`${name} ${words}`, new Help().subcommandTerm(command));
  });
}
