/** `giallo engine`: what an engine is like. */
import type { EngineState } from '../engine/engine-state.js';

/** The JSON that `giallo engine status --json` prints. */
export interface EngineReport extends EngineState {
  readonly v: 1;
}
