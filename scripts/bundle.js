/**
 * `npm run build:program`: makes the bundles that rolldown.config.js describes. Rolldown's own command would print
 * every file.
 */
import { build } from 'rolldown';
import config from '../rolldown.config.js';

await build(config);
