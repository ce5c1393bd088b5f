/** Writes a seeded collection that is hard to search: make-films.ts <folder> */
import { mkdirSync } from 'node:fs';
import { generateFilms } from '../engine/nodes/generated-films.js';

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await generateFilms(folder, [
  { name: "A 'quoted' film", frames: 120, dim: 24 },
  { name: 'B.1968.mkv', frames: 300, dim: 24 },
  { name: 'C', frames: 80, dim: 24 },
  { name: 'D', frames: 40, dim: 24 },
]);
