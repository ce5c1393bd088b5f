/**
 * `npm run docs`: writes the reference in docs/library.md, everything below the marker, from the doc comments of the
 * library. With `--check`, which a test runs, it fails if the page is not up to date. Documentation tools cannot be
 * used: TypeScript 7 has no JavaScript interface.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const marker = '<!-- From here on made from the doc comments by `npm run docs`. -->\n';
const page = new URL('../docs/library.md', import.meta.url);

const before = readFileSync(page, 'utf8');
const after = withReference(before);
if (process.argv[2] !== '--check') writeFileSync(page, after);
else if (before !== after) {
  process.stderr.write('docs/library.md is older than the doc comments: npm run docs\n');
  process.exitCode = 1;
}

/** The text of the page, with the reference made anew from the sources. @param {string} text */
function withReference(text) {
  const kept = text.slice(0, text.indexOf(marker) + marker.length);
  const options = source('options');
  const functions = ['films', 'searches', 'convert', 'engine'].flatMap((name) => [
    ...functionsOf(source(name)),
  ]);
  return `${kept}\n## Functions\n\n${functions.join('\n')}\n## Options\n\n${[...interfacesOf(options)].join('\n')}`;
}

/** @param {string} name */
function source(name) {
  return readFileSync(new URL(`../src/library/${name}.ts`, import.meta.url), 'utf8');
}

/** @param {string} text */
function* functionsOf(text) {
  const declarations = text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?function (\w+)\(([\s\S]*?)\): ([^\n]*) \{\n/g,
  );
  for (const [, comment, name, parameters, result] of declarations) {
    const signature = `${name}(${flat(parameters).replace(/,$/, '')}): ${result}`;
    const [contract, example] = comment.split('```js\n');
    if (example === undefined) throw new Error(`${name}: there is no example`);
    const lines = example.replace(/^ \* ?/gm, '').trim();
    yield `### ${name}\n\n\`\`\`ts\n${signature}\n\`\`\`\n\n${sentence(contract)}\n\n\`\`\`js\n${lines}\n`;
  }
}

/** @param {string} text */
function* interfacesOf(text) {
  const declarations = text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)\n\}\n/g,
  );
  for (const [, comment, name, base, body] of declarations) {
    const more = base ? ` Also takes the options in [${base}](#${base.toLowerCase()}).` : '';
    const count = Array.from(body.matchAll(/^ {2}readonly \w+\?:/gm)).length;
    const lines = Array.from(
      `${body}\n`.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\?: ([\s\S]*?);\n/g),
      row,
    );
    if (lines.length !== count) throw new Error(`${name}: an option has no doc comment`);
    yield `### ${name}\n\n${sentence(comment)}${more}\n\n| option | takes | meaning |\n| --- | --- | --- |\n${lines.join('')}`;
  }
}

/** @param {string[]} match */
function row([, comment, name, type]) {
  const takes = flat(type)
    .replace(/ \| undefined$/, '')
    .replace(/^\((.*)\)$/, '$1')
    .replaceAll('|', '\\|');
  return `| \`${name}\` | \`${takes}\` | ${sentence(comment).replaceAll('|', '\\|')} |\n`;
}

/** @param {string} comment */
function sentence(comment) {
  return flat(comment.replace(/^\s*\*/gm, ''));
}

/** The text on one line. @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, ' ').trim();
}
