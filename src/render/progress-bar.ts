/** One line that says how far a long piece of work is. */
import type { Progress } from '../progress.js';
import { grouped } from './tabular.js';

/** `[#####.....] 12 of 20 films, 8.1 a second, 1 s left`, at most `width` - 1 columns wide. */
export function progressBar({ done, total, unit }: Progress, elapsedMs: number, width: number): string {
  const share = total === 0 ? 1 : done / total;
  const perSecond = (done / elapsedMs) * 1000;
  const left = done === 0 ? '' : `, ${duration((total - done) / perSecond)} left`;
  const text = ` ${grouped(done)} of ${grouped(total)} ${unit}, ${rate(perSecond)} a second${left}`;
  const cells = Math.min(30, width - text.length - 3);
  if (cells < 5) return text.trim().slice(0, width - 1);
  const filled = Math.round(share * cells);
  return `[${'#'.repeat(filled)}${'.'.repeat(cells - filled)}]${text}`;
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? grouped(Math.round(perSecond)) : perSecond.toFixed(1);
}

function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
