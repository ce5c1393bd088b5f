/** Finds the shots of a film that look alike, from the neighbours that its frames have in other shots of the film. */
import { type FilmData, scoreOf, shotOf, unpack } from './site-data.js';

/** Two shots, the earlier one first, and their two closest frames. */
interface AlikeShots {
  readonly shots: readonly [number, number];
  readonly frames: readonly [number, number];
  readonly score: number;
}

/** Each shot with the shot that is most like it, the highest score first. */
export function shotsAlike({ firsts, own }: Pick<FilmData, 'firsts' | 'own'>): AlikeShots[] {
  const firstOf = unpack(firsts);
  const [counts, indices, scores] = [own.counts, own.indices, own.scores].map(unpack);
  const best: AlikeShots[] = [];
  let place = 0;
  for (let frame = 0; frame < counts.length; frame++) {
    const shot = shotOf(firstOf, frame);
    // The neighbours of a frame are closest first.
    const found = { frame: indices[place], score: scoreOf(scores[place]) };
    if (counts[frame] > 0 && found.score > (best[shot]?.score ?? -2)) {
      const frames = [frame, found.frame].sort((a, b) => a - b) as [number, number];
      const shots = frames.map((one) => shotOf(firstOf, one)) as [number, number];
      best[shot] = { shots, frames, score: found.score };
    }
    place += counts[frame];
  }
  const pairs = new Map(best.filter(Boolean).map((pair) => [pair.shots.join(), pair]));
  return [...pairs.values()].sort((a, b) => b.score - a.score);
}
