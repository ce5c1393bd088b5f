/**
 * `node scripts/library-examples.js [engine address]`: prints a program made of the examples in docs/library.md. Tests
 * run it in a folder that has `data_embeddings` and where `giallo` can be imported. With the address of an engine, it
 * prints the examples about engines instead, in an order that works.
 */
import { readFileSync } from 'node:fs';

const address = process.argv[2];
const page = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8');
const sections = page.matchAll(/^### (\w+)\n(?:(?!^#)[\s\S])*?^```js\n([\s\S]*?)^```$/gm);
/** @type {Map<string, string>} */
const examples = new Map(Array.from(sections, ([, name, code]) => [name, code]));
const ofEngines = ['initEngine', 'push', 'engineState', 'openEngine', 'dropEngine'];
const names =
  address === undefined ? [...examples.keys()].filter((name) => !ofEngines.includes(name)) : ofEngines;

process.stdout.write(`import { GialloError, ${[...examples.keys()].join(', ')} } from 'giallo';

const collection = await openCollection('data_embeddings');
`);
for (const name of names) process.stdout.write(blockOf(name));

/** An example in a block of its own, so that its names do not collide with others. @param {string} name */
function blockOf(name) {
  const code = /** @type {string} */ (examples.get(name)).replace(/clickhouse:\/\/[^']*/, address ?? '');
  return `\nconsole.log('> ${name}');\n{\n${code.replace(/^/gm, '  ').trimEnd()}\n}\n`;
}
