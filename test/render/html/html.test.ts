import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { charactersOf, html, type Part } from '../../../src/render/html/html.js';

test('text is escaped, in elements and in attributes', () => {
  const name = `<b title="x" y='z'>&amp;\``;
  assert.equal(
    text(html`<p title="${name}">${name}</p>`),
    '<p title="&lt;b title=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;&#96;">' +
      '&lt;b title=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;&#96;</p>',
  );
});

test('templates can be nested, lists are joined, numbers are printed', () => {
  const items = ['a', '<'].map((item) => html`<li>${item}</li>`);
  assert.equal(text(html`<ol>${items}</ol>${2}${[]}${''}`), '<ol><li>a</li><li>&lt;</li></ol>2');
});

test('control and bidi characters are escaped', () => {
  assert.equal(text(html`${'a\u001b[31m\u202egpj\n'}`), 'a\\x1b[31m\\u202egpj\\x0a');
});

test('objects that look like HTML are refused, and their JSON is escaped', () => {
  const forged = { markup: '<script>', toString: () => '<script>' } as unknown as Part;
  assert.throws(() => html`${forged}`);
  assert.equal(
    text(html`${JSON.stringify({ markup: '<script>' })}`),
    '{&quot;markup&quot;:&quot;&lt;script&gt;&quot;}',
  );
});

test('no text opens a tag, ends an attribute or starts an entity', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const escaped = text(html`${name}`);
      assert.doesNotMatch(escaped, /[<>"'`]/);
      assert.doesNotMatch(escaped, /&(?!(amp|lt|gt|quot|#39|#96);)/);
    }),
  );
});

function text(piece: ReturnType<typeof html>): string {
  return charactersOf(piece);
}
