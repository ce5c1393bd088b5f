/** P6: converting a film from JSON to npz and back; Python has the whole film in memory. */
import { filmContents } from '../answers.js';
import type { BenchCase, Command, Contender } from '../case.js';

const gialloToNpz = 'giallo convert, JSON to npz';
const pythonToNpz = 'json.load + savez_compressed';
const gialloToJson = 'giallo convert, npz to JSON';
const pythonToJson = 'json.dump';

/** So many frames of 3,072 numbers make 60 MB of JSON. */
const frames = 950;

export const convertJson: BenchCase = {
  id: 'P6',
  title: 'convert between JSON and npz, one film',
  async plan(bench) {
    const film = await bench.collection({ films: 1, frames: Math.min(frames, bench.size.frames) });
    const npz = film.film(0);
    const json = bench.output('film.json');
    await bench.python('peers/npz_to_json.py', npz, json);
    const contender = (name: string, target: string, command: Command): Contender => ({
      name,
      command,
      modules: ['numpy'],
      writes: [target],
      answer: async () => filmContents(await bench.python('contents.py', target)),
    });
    const [npzOfGiallo, npzOfPython] = ['giallo.npz', 'python.npz'].map(bench.output);
    const [jsonOfGiallo, jsonOfPython] = ['giallo.json', 'python.json'].map(bench.output);
    return {
      contenders: [
        contender(gialloToNpz, npzOfGiallo, bench.giallo('convert', json, '-o', npzOfGiallo, '--quiet')),
        contender(pythonToNpz, npzOfPython, bench.peer('json_to_npz.py', json, npzOfPython)),
        contender(gialloToJson, jsonOfGiallo, bench.giallo('convert', npz, '-o', jsonOfGiallo, '--quiet')),
        contender(pythonToJson, jsonOfPython, bench.peer('npz_to_json.py', npz, jsonOfPython)),
      ],
      goals: [
        { measure: 'wall', of: gialloToNpz, against: [pythonToNpz], atMost: 0.3 },
        { measure: 'wall', of: gialloToJson, against: [pythonToJson], atMost: 0.3 },
      ],
    };
  },
};
