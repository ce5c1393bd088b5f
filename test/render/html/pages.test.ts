/** The text of every page. `npm run test:browser` tests pages in a browser. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { hostileNames, hostilePages } from './hostile-pages.js';

const pages = Object.entries(hostilePages).flatMap(([kind, textOf]) =>
  Object.entries(hostileNames).map(([why, name]) => ({
    title: `${kind}, named by ${why}`,
    text: textOf(name),
  })),
);

for (const { title, text } of pages) {
  describe(title, () => {
    test('its policy allows pictures in the page, and the style and script that are in it', () => {
      const policy = /<meta http-equiv="Content-Security-Policy" content="(.*?)">/.exec(text)?.[1];
      const [style, script] = ['style', 'script'].map((element) => {
        const [, content] = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(text) ?? [];
        return `sha256-${createHash('sha256').update(content).digest('base64')}`;
      });
      assert.equal(
        policy,
        `default-src 'none'; img-src data:; style-src '${style}'; script-src '${script}'; base-uri 'none'; form-action 'none'`,
      );
    });

    test('it has no style or script but giallo’s, and no addresses elsewhere', () => {
      assert.equal(text.match(/<style/g)?.length, 1);
      assert.equal(text.match(/<script/g)?.length, 1);
      const tags = text.replace(/<(style|script)>.*?<\/\1>/gs, '').match(/<[^!][^>]*>/g) ?? [];
      for (const tag of tags) {
        const plain = tag.replace(/"[^"]*"/g, '""');
        assert.doesNotMatch(plain, /\s(on\w+|style|srcset)=/, tag);
        // A link into a video loads nothing, and has no scheme.
        if (/^<a class="moment" href="[^":]*#t=[0-9.]+">$/.test(tag)) continue;
        assert.doesNotMatch(tag, /\s(?:src|href)="(?!data:image\/|#)/, tag);
      }
      assert.doesNotMatch(text, /<(link|iframe|object|embed|form|base)\b/);
    });

    test('it has no invisible characters and none that reverse text', () => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    });
  });
}
