/** `film:frame`, a frame named together with its film. */
import { InvalidArgumentError } from 'commander';
import type { FrameName } from '../../search/query-frames.js';

/**
 * Cuts at the last colon, since films' names may hold colons; a filename with a colon is written `film:name:...`.
 */
export function parseFrameName(text: string): FrameName {
  const parts = /^(.+?):(name:.*)$/s.exec(text) ?? /^(.+):([^:]+)$/s.exec(text);
  if (!parts) throw new InvalidArgumentError('Expected film:frame, as in Bunny:12.');
  return { film: parts[1], frame: parts[2] };
}
