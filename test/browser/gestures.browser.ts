/**
 * What a reader does with a page: enlarging, copying, keys, cells of the heat map; and what a page is not allowed to
 * do.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests, sideways, smallTargets, violations } from './browser.js';
import { makePage, samplePages } from './sample-pages.js';

const open = browserForTests();
const folder = temporaryFolder();
const similar = await makePage(folder, 'similar', samplePages.similar);
const compare = await makePage(folder, 'compare', samplePages.compare);

test('one button copies the command that asks about a picture, another the command of the page', async () => {
  const { page, complaints } = await open(similar);
  await page.locator('#r2').getByRole('button', { name: 'Copy command for frame 62' }).click();
  await page.locator('#r2').getByText('Copied').waitFor();
  assert.equal(await copied(page), 'giallo similar Sintel.Trailer.2010.mp4 62 --all --top 30');
  await page.locator('.top').getByRole('button', { name: 'Copy command' }).click();
  await page.locator('.top').getByText('Copied').waitFor();
  assert.match(await copied(page), /^giallo similar -d \S+ Sintel 60 --all -k 30 --html \S+$/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('if copying is not allowed, the command is shown as text to be selected', async () => {
  const { page } = await open(similar);
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  assert.equal(await page.locator('#r2 .command').isVisible(), false);
  await page.locator('#r2 .copy button').click();
  await page.locator('#r2').getByText('Not copied').waitFor();
  assert.match(
    (await page.locator('#r2 .command:visible').textContent()) ?? '',
    /^giallo similar \S+ 62 --all/,
  );
  await page.close();
});

test('a click enlarges a picture, arrows go to others, Esc comes back to the last one seen', async () => {
  const { page, complaints } = await open(similar);
  await page.locator('#r2 .picture').click();
  assert.deepEqual(await enlarged(page), ['Frame 62 of Sintel.Trailer.2010.mp4', '2']);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await enlarged(page), ['Frame 7 of Sintel.Trailer.2010.mp4', '4']);
  await page.getByRole('button', { name: 'Picture before' }).click();
  assert.equal((await enlarged(page))[1], '3');
  await page.getByRole('dialog').getByRole('button', { name: 'Copy command' }).click();
  await page.getByRole('dialog').getByText('Copied').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  assert.equal(await rankAfterClosing(page), '3');
  await page.keyboard.press('Enter');
  await page.locator('.enlarged img').click();
  assert.equal(await rankAfterClosing(page), '3');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('the first enlarged picture has none before it, the last none after it', async () => {
  const { page } = await open(similar);
  await page.locator('.picture').first().click();
  await page.keyboard.press('ArrowLeft');
  assert.equal((await enlarged(page))[0], 'Frame 60 of Sintel.Trailer.2010.mp4');
  for (let press = 0; press < 40; press++) await page.keyboard.press('ArrowRight');
  assert.equal((await enlarged(page))[1], '30');
  await page.close();
});

test('a frame without a picture is enlarged as its name', async () => {
  const file = await makePage(folder, 'bare', [...samplePages.similar, '--screenshots', temporaryFolder()]);
  const { page, complaints } = await open(file, { way: 'phone' });
  await page.locator('#r2 .picture').click();
  assert.match((await page.locator('.enlarged').textContent()) ?? '', /_000063\.jpg$/);
  assert.deepEqual(await smallTargets(page), []);
  assert.deepEqual(await sideways(page), []);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await rankAfterClosing(page), '2');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('frames far from the window are not laid out until they are reached', async () => {
  const { page } = await open(await makePage(folder, 'many', [...samplePages.similar, '-k', '200']));
  const last = page.locator('.sheet .picture').last();
  const isLaidOut = () =>
    last.evaluate((picture) => picture.checkVisibility({ contentVisibilityAuto: true }));
  assert.equal(await isLaidOut(), false);
  await page.keyboard.press('End');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.sheet .picture')]
      .at(-1)
      ?.checkVisibility({ contentVisibilityAuto: true }),
  );
  await page.close();
});

test('the keyboard is enough: Tab to the pictures, arrows between them, Enter to enlarge', async () => {
  const { page } = await open(similar);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^Frame 60 of Sintel.Trailer.2010.mp4, enlarge$/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is seen');
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(), /^Frame 61 /);
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(), /^Frame 62 /);
  await page.keyboard.press('ArrowLeft');
  assert.match(await focused(), /^Frame 61 /);
  const perRow = await page.evaluate(
    () => getComputedStyle(document.querySelector('.sheet') as Element).gridTemplateColumns.split(' ').length,
  );
  await page.keyboard.press('ArrowDown');
  assert.equal(await rank(page), String(1 + perRow));
  await page.keyboard.press('ArrowUp');
  assert.equal(await rank(page), '1');
  await page.keyboard.press('Enter');
  assert.match((await enlarged(page))[0], /^Frame 61 /);
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#r1').getByText('Copied').waitFor();
  assert.match(await copied(page), /^giallo similar \S+ 61 /);
  await page.close();

  async function focused(): Promise<string> {
    return page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      return (element.querySelector('img')?.alt ?? '') + element.textContent;
    });
  }
});

/** The copied text without the option for the folder of films. */
async function copied(page: Page): Promise<string> {
  return (await page.evaluate(() => navigator.clipboard.readText())).replace(/ --data .*$/, '');
}

/** The picture on the whole screen, and its rank. */
async function enlarged(page: Page): Promise<[picture: string, rank: string]> {
  const picture = page.locator('.enlarged img');
  const rank = page.locator('.said-of .score .soft');
  const said = (await rank.count()) > 0 ? await rank.textContent() : '';
  return [(await picture.getAttribute('alt')) ?? '', said?.replace('rank', '').trim() ?? ''];
}

/** Waits until no picture is enlarged. Returns the rank of the picture that has the focus then. */
async function rankAfterClosing(page: Page): Promise<string | undefined> {
  await page.locator('dialog').waitFor({ state: 'detached' });
  return rank(page);
}

async function rank(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.closest('figure')?.id.slice(1));
}

test('a cell of the heat map opens its matches, with and without JavaScript', async () => {
  for (const way of ['desk', 'scriptless'] as const) {
    const { page } = await open(compare, { way });
    assert.equal(await page.locator('.match:visible').count(), 1, 'the best one is open at first');
    const marked = page.locator('.heat a[aria-current]');
    if (way === 'desk') {
      const open = await page.locator('.match:visible').getAttribute('id');
      assert.deepEqual([await marked.count(), await marked.getAttribute('href')], [1, `#${open}`]);
    }
    const [cell, heading] = [page.locator('.heat td a').nth(3), page.locator('.match:visible h2')];
    await follow(page, cell);
    assert.equal(await page.locator('.match:visible').count(), 1);
    const value = Number((await cell.textContent()) ?? '');
    assert.ok(Math.abs(Number(/[\d.]+$/.exec((await heading.textContent()) ?? '')?.[0]) - value) < 0.01);
    if (way === 'desk')
      await page.locator(`.heat [href="${await cell.getAttribute('href')}"][aria-current]`).waitFor();
    await follow(page, page.getByRole('link', { name: 'The other way round' }).locator('visible=true'));
    assert.equal(await page.locator('.match:visible').count(), 1);
    await page.close();
  }
});

/** Clicks a link within the page, and waits for its target. */
async function follow(page: Page, link: Locator): Promise<void> {
  const target = await link.getAttribute('href');
  await link.click();
  await page.locator(`${target}:target`).waitFor();
}

test('a mark in a film’s band leads to its picture', async () => {
  const { page } = await open(similar, { width: 360 });
  await follow(page, page.locator('.bands a').first());
  assert.ok(await page.locator('[id^=r]:target .picture').isVisible());
  await page.close();
});

test('the policy of a page blocks foreign scripts, styles and requests', async () => {
  const { page } = await open(similar);
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    await fetch('http://127.0.0.1:9/').catch(() => {});
    for (const markup of [
      '<img src="http://127.0.0.1:9/x.png">',
      '<iframe src="data:text/html,x"></iframe>',
    ]) {
      document.body.insertAdjacentHTML('beforeend', markup);
    }
    document.body.insertAdjacentHTML('beforeend', '<p style="color:red" onclick="document.title = 1">x</p>');
    (document.body.lastElementChild as HTMLElement).click();
    const script = document.createElement('script');
    script.textContent = 'document.title = "pwned"';
    document.body.append(script);
    for (let wait = 0; violations.length < 6 && wait < 100; wait++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return { violations: violations.sort(), title: document.title };
  });
  assert.deepEqual(stopped, {
    violations: [
      'connect-src',
      'frame-src',
      'img-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-attr',
    ],
    title: 'What looks like frame 60 of Sintel.Trailer.2010.mp4?',
  });
  await page.close();
});
