/** `npm run build:program`: makes what rolldown.config.js describes. The command of rolldown would list every file. */
import { build } from 'rolldown';
import config from '../rolldown.config.js';

await build(config);
