/** What a reader does with a page: clicks, keys, cells of the heat map; and what a page is kept from doing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests } from './browser.js';
import { makePage, samplePages } from './sample-pages.js';

const open = browserForTests();
const folder = temporaryFolder();
const similar = await makePage(folder, 'similar', samplePages.similar);
const compare = await makePage(folder, 'compare', samplePages.compare);

test('a click copies the command that asks about the picture, and says so', async () => {
  const { page, complaints } = await open(similar);
  await page.locator('#r2 button').click();
  const command = 'giallo similar Sintel.Trailer.2010.mp4 62 --all --top 30';
  const data = (await page.evaluate(() => navigator.clipboard.readText())).replace(/ --data .*$/, '');
  assert.equal(data, command);
  assert.ok((await page.locator('[role=status]').textContent())?.startsWith(`Copied: ${command}`));
  assert.deepEqual(complaints, []);
  await page.close();
});

test('by keyboard alone: Tab to the pictures, arrows among them, Enter to copy', async () => {
  const { page } = await open(similar);
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^Frame 60 of Sintel.Trailer.2010.mp4, copy the command/);
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
  assert.equal(await rank(), String(1 + perRow));
  await page.keyboard.press('ArrowUp');
  assert.equal(await rank(), '1');
  await page.keyboard.press('Enter');
  assert.match((await page.locator('[role=status]').textContent()) ?? '', /^Copied: giallo similar \S+ 61/);
  await page.close();

  async function focused(): Promise<string> {
    return page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      return (element.querySelector('img')?.alt ?? '') + element.textContent;
    });
  }
  async function rank(): Promise<string | undefined> {
    return page.evaluate(() => document.activeElement?.closest('figure')?.id.slice(1));
  }
});

test('a cell of the heat map opens its matches, with and without JavaScript', async () => {
  for (const way of ['desk', 'scriptless'] as const) {
    const { page } = await open(compare, { way });
    assert.equal(await page.locator('.match:visible').count(), 1, 'the best one is open at first');
    const marked = page.locator('.heat a[aria-current]');
    if (way === 'desk') {
      const open = await page.locator('.match:visible').getAttribute('id');
      assert.deepEqual([await marked.count(), await marked.getAttribute('href')], [1, `#${open}`]);
    }
    await page.locator('.heat td a').nth(3).click();
    assert.equal(await page.locator('.match:visible').count(), 1);
    const [cell, heading] = [page.locator('.heat td a').nth(3), page.locator('.match:visible h2')];
    const value = Number((await cell.textContent()) ?? '');
    assert.ok(Math.abs(Number(/[\d.]+$/.exec((await heading.textContent()) ?? '')?.[0]) - value) < 0.01);
    if (way === 'desk') assert.equal(await cell.getAttribute('aria-current'), 'true');
    await page.getByRole('link', { name: 'The other way round' }).locator('visible=true').click();
    assert.equal(await page.locator('.match:visible').count(), 1);
    await page.close();
  }
});

test('a mark in a film’s band leads to its picture', async () => {
  const { page } = await open(similar, { width: 360 });
  const href = await page.locator('.bands a').first().getAttribute('href');
  await page.locator('.bands a').first().click();
  assert.ok(await page.locator(`${href} button`).isVisible());
  assert.match(page.url(), /#r\d+$/);
  await page.close();
});

test('the page’s policy stops whatever would leave it or get into it', async () => {
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
    await new Promise((resolve) => setTimeout(resolve, 100));
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
