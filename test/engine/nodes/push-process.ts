/** `giallo push` as a process that can be killed. It prints a line for each report of its progress. */
import { openCollection } from '../../../src/collection/collection.js';
import { openStore } from '../../../src/engine/engine-store.js';
import { push } from '../../../src/reports/push.js';

const [folder, url] = process.argv.slice(2);
const collection = await openCollection(folder);
const store = await openStore(url, { password: '' });
const onProgress = ({ done }: { readonly done: number }) => void process.stdout.write(`${done}\n`);
await push(collection.films, store, { force: true }, { jobs: 1, onProgress });
