/**
 * A real browser for tests of pages: Debian's chromium without its windows, or the one that $GIALLO_TEST_BROWSER names.
 * Pages are opened from files, without a network. Console messages, requests and errors of a page are recorded.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** A page, and what it did although it should not. */
export interface OpenPage {
  readonly page: Page;
  /** Console messages, errors, dialogs, and requests for anything but the page itself and `data:`. */
  readonly complaints: readonly string[];
}

export interface Viewing {
  /** The width of the window; phones have their own. */
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly way?: keyof typeof ways;
  readonly height?: number;
  /** The part after the page's address, such as `#/film/Sintel`. */
  readonly hash?: string;
  /** The address that all requests must begin with; by default the page may make none. */
  readonly within?: string;
}

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The ways in which pages are viewed. Each is a browser context of its own, with its own storage. */
const ways = {
  desk: { permissions: ['clipboard-read', 'clipboard-write'] },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  scriptless: { javaScriptEnabled: false },
} as const satisfies Record<string, BrowserContextOptions>;

export const browserPath = process.env.GIALLO_TEST_BROWSER || '/usr/lib/chromium/chromium-headless-shell';

/**
 * Starts a browser for the tests of a file. The returned function opens a page in it. A page that a test closes is used
 * again for the next test, since opening a new one takes longer than most tests.
 */
export function browserForTests(): (file: string, viewing?: Viewing) => Promise<OpenPage> {
  let browser: Browser;
  const contexts = new Map<string, Promise<BrowserContext>>();
  const closed = new Map<string, WatchedPage[]>();
  before(async () => {
    browser = await chromium.launch({
      executablePath: browserPath,
      args: switches,
    });
  });
  after(() => browser.close());
  const pageFor = async (way: keyof typeof ways): Promise<WatchedPage> => {
    const again = closed.get(way)?.pop();
    if (again) return again;
    const context = contexts.get(way) ?? browser.newContext({ ...ways[way], offline: true });
    contexts.set(way, context);
    const watched = watch(await (await context).newPage());
    watched.page.close = async () => {
      await watched.page.goto('about:blank');
      closed.set(way, [...(closed.get(way) ?? []), watched]);
    };
    return watched;
  };
  return async (file, { width, height = 900, scheme = 'light', way = 'desk', hash = '', within } = {}) => {
    const { page, begin } = await pageFor(way);
    const address = file.startsWith('http:') ? file : pathToFileURL(file).href;
    await page.context().setOffline(address !== file);
    if (way !== 'phone') await page.setViewportSize({ width: width ?? 1600, height });
    await page.emulateMedia({ colorScheme: scheme, media: null });
    const complaints = begin((url) => url === address || (within !== undefined && url.startsWith(within)));
    await page.goto(address + hash);
    return { page, complaints };
  };
}

interface WatchedPage {
  readonly page: Page;
  /** Begins a new list of complaints, which it returns; earlier ones belong to another test. */
  readonly begin: (isAllowed: (url: string) => boolean) => readonly string[];
}

function watch(page: Page): WatchedPage {
  let complaints: string[] = [];
  let isAllowed = (_url: string) => true;
  page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!isAllowed(url) && !url.startsWith('data:') && url !== 'about:blank')
      complaints.push(`request: ${url}`);
  });
  const begin = (isAllowedNow: typeof isAllowed) => {
    complaints = [];
    isAllowed = isAllowedNow;
    return complaints;
  };
  return { page, begin };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The violations that axe-core finds in a page. */
export async function violations(page: Page): Promise<string[]> {
  await layOutAll(page);
  await page.evaluate(axe);
  const results = (await page.evaluate(
    "axe.run({ preload: false, resultTypes: ['violations'] })",
  )) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 150)}`),
  );
}

/**
 * The elements that reach beyond the right edge of the page, except those in elements that scroll; and the page itself
 * if it scrolls sideways.
 */
export async function sideways(page: Page): Promise<string[]> {
  await layOutAll(page);
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const wide = [...document.body.querySelectorAll('*')]
      .filter((element) => !element.closest('.heat table') && !element.matches('.unseen'))
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 100));
    return scrollWidth > clientWidth ? [...wide, `the page: ${scrollWidth} of ${clientWidth}`] : wide;
  });
}

/**
 * The links and buttons that are too small for a finger: lower or narrower than 44 pixels, except those inside text.
 */
export async function smallTargets(page: Page): Promise<string[]> {
  await layOutAll(page);
  return page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, input')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => !element.closest('svg'))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        // Seven films must fit side by side; with many films, the name of each row is a link as well.
        return width < (element.closest('.heat td') ? 24 : 43.5) || height < 43.5;
      })
      .map((element) => element.outerHTML.slice(0, 100)),
  );
}

/** Lays out what is far from the window too, which pages otherwise leave until it is reached. */
async function layOutAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const frame of document.querySelectorAll<HTMLElement>('.frame'))
      frame.style.contentVisibility = 'visible';
  });
}

/** Scrolls through the page, so that lazy pictures are loaded, and resolves when every visible picture is decoded. */
export async function decodeAll(
  page: Page,
): Promise<{ readonly pictures: number; readonly failures: number }> {
  return page.evaluate(async () => {
    const pictures = [...document.images].filter((image) => image.checkVisibility());
    let failures = 0;
    for (const image of pictures) {
      image.scrollIntoView();
      await image.decode().catch(() => failures++);
      if (image.naturalWidth === 0) failures++;
    }
    return { pictures: pictures.length, failures };
  });
}
