/** `npm run build:tests`: compiles the tests that have changed, for checks that run them without `npm test`. */
import { compile } from './compile.js';

await compile();
