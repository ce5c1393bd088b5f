import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openPictureFolder } from '../../src/pictures/picture-folder.js';
import { rejects } from '../rejects.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

const root = temporaryFolder(
  emptyFiles(
    'secret.jpg',
    'outside/secret.jpg',
    'shots/Opera.1987.mkv/1.jpg',
    'shots/Opera.1987.mkv/reel 2/1.jpg',
    'shots/Tenebre.1982/1.jpg',
    'shots/Suspiria.1977.mp4/1.jpg',
    'shots/flat.jpg',
    'shots/..hidden/...jpg',
  ),
);
const shots = join(root, 'shots');
symlinkSync(join(root, 'outside'), join(shots, 'Leads.Out'));
symlinkSync(join(root, 'secret.jpg'), join(shots, 'Opera.1987.mkv', 'out.jpg'));
symlinkSync('1.jpg', join(shots, 'Opera.1987.mkv', 'in.jpg'));
symlinkSync('nothing', join(shots, 'Opera.1987.mkv', 'dangling.jpg'));
mkdirSync(join(shots, 'Opera.1987.mkv', 'folder.jpg'));
execFileSync('sh', ['-c', 'mkfifo "$0"', join(shots, 'Opera.1987.mkv', 'pipe.jpg')]);

describe('a picture is found', () => {
  const found: readonly (readonly [why: string, film: string, filename: string, path: string])[] = [
    ['under its film', 'Opera.1987.mkv', '1.jpg', 'Opera.1987.mkv/1.jpg'],
    ['under a film without its video ending', 'Tenebre.1982.mkv', '1.jpg', 'Tenebre.1982/1.jpg'],
    ['under a film with a video ending', 'Suspiria.1977', '1.jpg', 'Suspiria.1977.mp4/1.jpg'],
    ['in the folder itself', 'Opera.1987.mkv', 'flat.jpg', 'flat.jpg'],
    ['further down', 'Opera.1987.mkv', 'reel 2/1.jpg', 'Opera.1987.mkv/reel 2/1.jpg'],
    ['through a link that stays inside', 'Opera.1987.mkv', 'in.jpg', 'Opera.1987.mkv/in.jpg'],
    ['for a film named by its path', '../films/Opera.1987.mkv.npz', '1.jpg', 'Opera.1987.mkv/1.jpg'],
    ['where dots are only part of a name', '..hidden', '...jpg', '..hidden/...jpg'],
  ];
  for (const [why, film, filename, path] of found) {
    test(why, async () => {
      assert.equal(await find(film, filename), join(shots, path));
    });
  }
});

describe('nothing is found', () => {
  const refused: readonly (readonly [why: string, film: string, filename: string])[] = [
    ['for a name that is not there', 'Opera.1987.mkv', '2.jpg'],
    ['above the film', 'Opera.1987.mkv', '../flat.jpg'],
    ['above the folder', 'Opera.1987.mkv', '../../secret.jpg'],
    ['by an absolute path', 'Opera.1987.mkv', join(root, 'secret.jpg')],
    ['by a film that is a way up', '..', 'secret.jpg'],
    ['with backslashes', 'Opera.1987.mkv', '..\\flat.jpg'],
    ['with control characters', 'Opera.1987.mkv', '1.jpg\u0000.png'],
    ['with an empty part', 'Opera.1987.mkv', 'reel 2//1.jpg'],
    ['with a part that is a dot', 'Opera.1987.mkv', './1.jpg'],
    ['for an empty name', 'Opera.1987.mkv', ''],
    ['through a film that is a link out', 'Leads.Out', 'secret.jpg'],
    ['through a picture that is a link out', 'Opera.1987.mkv', 'out.jpg'],
    ['through a dangling link', 'Opera.1987.mkv', 'dangling.jpg'],
    ['for a folder', 'Opera.1987.mkv', 'folder.jpg'],
    ['for a pipe', 'Opera.1987.mkv', 'pipe.jpg'],
  ];
  for (const [why, film, filename] of refused) {
    test(why, async () => {
      assert.equal(await find(film, filename), null);
    });
  }
});

test('no name leads outside the folder', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    'outside',
    'secret.jpg',
    'Leads.Out',
    'shots',
    '\u0000',
  );
  const name = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  const folder = await openPictureFolder(shots, { isRequired: true });
  await fc.assert(
    fc.asyncProperty(name, name, async (film, filename) => {
      assert.equal(await folder.find({ film, filename }), null);
    }),
  );
});

test('a missing folder is empty, or an error if it was named', async () => {
  const path = join(root, 'nowhere');
  const folder = await openPictureFolder(path, { isRequired: false });
  assert.equal(await folder.find({ film: 'Opera.1987.mkv', filename: '1.jpg' }), null);
  const required = (named: string) => () => openPictureFolder(named, { isRequired: true });
  await rejects(required(path), { code: 'usage', message: /no such folder/ });
  await rejects(required(join(root, 'secret.jpg')), { code: 'usage', message: /a file, not a folder$/ });
});

async function find(film: string, filename: string): Promise<string | null> {
  const folder = await openPictureFolder(shots, { isRequired: true });
  return folder.find({ film, filename });
}
