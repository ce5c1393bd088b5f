/** What a search in an engine has to say where it is asked. */
import { counted } from '../../render/tabular.js';
import type { EngineUse } from '../../search/context.js';

/** What an engine was asked for a search, and how far its bounds took it. */
export function engineExplanation({ engine, rowsScanned, rowsLeft, rowsScored }: EngineUse): string {
  const left = `bounds left ${rowsLeft.toLocaleString('en')}`;
  const scored = `${rowsScored.toLocaleString('en')} of them fetched and scored`;
  return `by ${engine}; ${counted(rowsScanned, 'row')} scanned; ${left}, ${scored}`;
}
