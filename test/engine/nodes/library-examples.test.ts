/** The examples of docs/library.md that are about engines, with a real server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../temporary-folder.js';
import { isLeftOut, nodesForSuite } from './nodes-for-suite.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the library', { skip: isLeftOut }, () => {
  const nodes = nodesForSuite(1);

  test('runs its examples with an engine', () => {
    const folder = temporaryFolder({ 'node_modules/.keep': '' });
    symlinkSync(root, join(folder, 'node_modules/giallo'));
    symlinkSync(join(root, 'data_embeddings'), join(folder, 'data_embeddings'));
    const script = join(root, 'scripts/library-examples.js');
    const printed = spawnSync(process.execPath, [script, nodes[0].url('examples')], { encoding: 'utf8' });
    writeFileSync(join(folder, 'examples.mjs'), printed.stdout);
    const options = { cwd: folder, encoding: 'utf8' } as const;
    const { stdout, stderr } = spawnSync(process.execPath, ['examples.mjs'], options);
    assert.equal(stderr, '');
    assert.equal(stdout, '> initEngine\n> push\n3 0\n> engineState\n3 262\n> openEngine\n5\n> dropEngine\n');
  });
});
