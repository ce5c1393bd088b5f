/** The checks of run.sh. The arguments are an empty folder and the video. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [, , work, video] = process.argv;
const root = resolve('.');
const giallo = join(root, 'bin/giallo.js');
const film = 'Big.Buck.Bunny.2008.mp4';
const data = join(work, 'data');
mkdirSync(data);
cpSync(`data_embeddings/${film}.npz`, join(data, `${film}.npz`));
cpSync(`data_embeddings/screenshots/${film}`, join(data, 'screenshots', film), { recursive: true });
const env = { ...process.env, GIALLO_CACHE: join(work, 'cache'), GIALLO_DATA: data };
const run = (...argv) =>
  execFileSync(process.execPath, [giallo, ...argv], { env, encoding: 'utf8', cwd: work });

/** A picture of 64 x 36 pixels, as red, green and blue bytes. */
function picture(...input) {
  const args = [
    '-v',
    'error',
    ...input,
    '-frames:v',
    '1',
    '-vf',
    'scale=64:36',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ];
  return execFileSync('ffmpeg', args, { maxBuffer: 1 << 24 });
}
/** The mean difference of two pictures, of 255. */
function difference(a, b) {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}
const screenshot = (filename) => picture('-i', join(data, 'screenshots', film, filename));
function probe(file, entry) {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', entry, '-of', 'csv=p=0', file];
  return Number(execFileSync('ffprobe', args, { encoding: 'utf8' }).trim().split(/[\s,]/)[0]);
}

// The screenshots were taken with ffmpeg's fps=3: one frame of 1/24 s before the middle of each third of a second.
const { frames } = JSON.parse(
  run('times', film, '--fps', '3', '--start', '0.125', '--video', video, '--rate', '24/1', '--json'),
);
const differences = [];
for (let i = 2; i < frames.length; i += 4) {
  const { seconds, filename } = frames[i];
  const found = difference(picture('-ss', String(seconds), '-i', video), screenshot(filename));
  differences.push(found);
  assert.ok(found < 6, `frame ${i}: differs by ${found}`);
}
assert.ok(differences.length >= 20);
process.stdout.write(
  `${differences.length} pictures at their times differ by ${Math.max(...differences).toFixed(1)} of 255 at most\n`,
);

// A reel of results, with clips that go back and forth.
const asked = ['similar', film, '66', '-k', '6', '--exclude-near', '5', '--handles', '0.5', '--json'];
const answer = JSON.parse(run(...asked, '--reel', 'a.reel', '--otio', 'a.otio', '--edl', 'a.edl'));
run(...asked, '--reel', 'a.ffconcat');
const segments = readFileSync(join(work, 'a.reel'), 'utf8').trim().split('\n').slice(2);
const lengths = segments.map((line) => Number(line.split(',')[2]));
const total = lengths.reduce((sum, length) => sum + length, 0);
assert.equal(lengths.length, 6);

const played = spawnSync(
  'mpv',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: mpv's own
  ['--no-config', '--vo=null', '--ao=null', '--untimed', '--term-playing-msg=<${=duration}>', 'a.reel'],
  { cwd: work, encoding: 'utf8', timeout: 120_000 },
);
assert.equal(played.status, 0, played.stderr);
assert.match(played.stdout, /End of file/);
assert.ok(Math.abs(Number(/<([\d.]+)>/.exec(played.stdout)[1]) - total) < 0.1, 'mpv knows the length');

const script = readFileSync(join(work, 'a.ffconcat'), 'utf8');
const line = script.match(/^# (ffmpeg .*)\\\n# {3}(.*)$/m);
const rendering = `${line[1]}${line[2]}`
  .replace('THIS_FILE', 'a.ffconcat')
  .replace('reel.mp4', '-s 320x180 reel.mp4');
execFileSync('bash', ['--norc', '-c', `${rendering} -v error`], { cwd: work, stdio: 'inherit' });
assert.ok(
  Math.abs(probe(join(work, 'reel.mp4'), 'stream=duration') - total) < 0.05,
  'ffmpeg renders that length',
);
let before = 0;
for (const [i, { filename }] of answer.results.entries()) {
  const middle = picture('-ss', String(before + lengths[i] / 2), '-i', join(work, 'reel.mp4'));
  const found = difference(middle, screenshot(filename));
  assert.ok(found < 8, `result ${i + 1}: the middle of its clip differs by ${found}`);
  before += lengths[i];
}
process.stdout.write(
  `a reel of ${total.toFixed(3)} s plays in mpv, and renders in ffmpeg with the pictures of the results\n`,
);

// The timeline and the edit decision list have the same clips.
const timeline = JSON.parse(readFileSync(join(work, 'a.otio'), 'utf8'));
const clips = timeline.tracks.children[0].children;
assert.deepEqual([timeline.OTIO_SCHEMA, clips[0].OTIO_SCHEMA], ['Timeline.1', 'Clip.2']);
const frameOf = (timecode) => {
  const [hours, minutes, seconds, number] = timecode.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 24 + number;
};
const events = readFileSync(join(work, 'a.edl'), 'utf8')
  .split('\n')
  .filter((one) => /^\d{3} /.test(one));
assert.equal(events.length, clips.length);
let record = 24 * 3600;
for (const [i, event] of events.entries()) {
  const [sourceIn, sourceOut, recordIn, recordOut] = event.trim().split(/\s+/).slice(4).map(frameOf);
  const { start_time: start, duration } = clips[i].source_range;
  assert.deepEqual([sourceIn, sourceOut - sourceIn], [start.value, duration.value]);
  assert.deepEqual([recordIn, recordOut - recordIn], [record, duration.value], 'no gap and no overlap');
  assert.ok(sourceOut <= frameOf('00:00:30:04'), 'within the film');
  record = recordOut;
}
process.stdout.write('the EDL and the timeline have the same clips, one after another\n');

// Runs the lines of docs/your-own-films.md.
const page = readFileSync('docs/your-own-films.md', 'utf8');
const blocks = [...page.matchAll(/```(sh|python)\n([\s\S]*?)```/g)];
const own = join(work, 'own');
mkdirSync(own);
symlinkSync(video, join(own, 'film.mp4'));
writeFileSync(join(own, 'embed.py'), blocks.find(([, language]) => language === 'python')[2]);
mkdirSync(join(own, 'node_modules'));
symlinkSync(process.cwd(), join(own, 'node_modules/giallo'));
const bin = join(work, 'bin');
mkdirSync(bin);
writeFileSync(join(bin, 'giallo'), `#!/bin/sh\nexec '${process.execPath}' '${giallo}' "$@"\n`, {
  mode: 0o755,
});
const python = ['/usr/bin/python3', 'python3'].find(
  (one) => spawnSync(one, ['-c', 'import numpy']).status === 0,
);
writeFileSync(join(bin, 'python3'), `#!/bin/sh\nPATH=${process.env.PATH} exec ${python} "$@"\n`, {
  mode: 0o755,
});
const lines = blocks.flatMap(([, language, text]) => (language === 'sh' ? [text] : [])).join('');
const shown = execFileSync('bash', ['--norc', '-euc', lines], {
  cwd: own,
  encoding: 'utf8',
  env: { ...process.env, GIALLO_CACHE: join(work, 'cache'), PATH: `${bin}:${process.env.PATH}` },
});
assert.match(shown, /^green and blue\t1\tFilm\t/m);
assert.match(shown, /^black\t2\tFilm\t/m);
assert.match(
  shown,
  /^shot 0, \d+ frames: Film_\d+\.jpg at [\d.]+ s\n {2}looks like Film_\d+\.jpg at [\d.]+ s, \d\.\d{3}$/m,
);
assert.match(readFileSync(join(own, 'contact-sheet.html'), 'utf8'), /<img /);
assert.ok(readFileSync(join(own, 'shots.edl'), 'utf8').includes('* FROM CLIP NAME: Film'));
const timed = JSON.parse(
  execFileSync(process.execPath, [giallo, 'times', 'Film', '-d', 'films', '--json'], {
    cwd: own,
    encoding: 'utf8',
  }),
);
for (const { seconds, filename } of timed.frames.filter((_, i) => i % 15 === 7)) {
  // The frame shown at a moment can begin up to one frame before it; -ss takes the first that begins after it.
  const taken = picture('-i', join(own, 'films/screenshots/Film', filename));
  const shown = [seconds, Math.max(0, seconds - 1 / 24)].map((at) => picture('-ss', String(at), '-i', video));
  const found = Math.min(...shown.map((one) => difference(one, taken)));
  assert.ok(found < 6, `${filename} differs by ${found} from the film at ${seconds}`);
}
process.stdout.write('docs/your-own-films.md runs as it stands\n');
