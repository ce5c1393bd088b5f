/** The folder in which transcripts are run: the sample films, and collections with problems. */
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../temporary-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = join(root, 'test/fixtures/golden');
const films = join(golden, 'films');

/** A name with a colour sequence, a line break, a bidi mark and quotes. */
const hostileFilm = 'Evil\u001b[31m\n\u202e "a", b\\t.npz';

/**
 * Makes the folder: `data_embeddings` (the repository's), `golden` (see make_golden.py), `broken` (a film, a cut one
 * and a text), `unreadable` (the last two alone), `hostile`, `twice` (an .npz and an .npy of one name), `corpus`
 * (archives in many forms), `empty`, `videos`, the file `one.npz`, and a `bin` with `giallo`.
 */
export function setTheStage(): string {
  const folder = temporaryFolder();
  const path = (...parts: string[]) => join(folder, ...parts);
  for (const name of ['broken', 'unreadable', 'hostile', 'twice', 'empty', 'videos', 'bin'])
    mkdirSync(path(name));
  symlinkSync(join(root, 'data_embeddings'), path('data_embeddings'));
  symlinkSync(films, path('golden'));
  symlinkSync(join(root, 'test/fixtures/npz-corpus'), path('corpus'));
  symlinkSync(join(root, 'bin/giallo.js'), path('bin', 'giallo'));
  // Worker threads look for tsx in this folder.
  symlinkSync(join(root, 'node_modules'), path('node_modules'));

  const whole = readFileSync(join(films, 'Alpha.1968.mkv.npz'));
  for (const name of ['broken', 'unreadable']) {
    writeFileSync(path(name, 'Cut.npz'), whole.subarray(0, 1000));
    writeFileSync(path(name, 'Text.npz'), 'no archive at all\n'.repeat(20));
  }
  copyFileSync(join(films, 'Gamma.npz'), path('broken', 'Good.npz'));
  copyFileSync(join(golden, 'hostile-names.npz'), path('hostile', hostileFilm));
  copyFileSync(join(golden, 'hostile-names.npz'), path('hostile', 'Tame.npz'));
  copyFileSync(join(films, 'One.npz'), path('twice', 'One.npz'));
  writeFileSync(path('twice', 'One.npy'), '');
  writeFileSync(path('videos', 'Gamma.mp4'), '');
  copyFileSync(join(films, 'One.npz'), path('one.npz'));
  writeFileSync(path('a-file'), '');
  return folder;
}
