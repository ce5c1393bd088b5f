/**
 * A real browser for tests of pages: Debian's chromium, or what $GIALLO_TEST_BROWSER names. Pages are opened from
 * files, with no network to fall back on; everything that a page says, asks for or fails in is kept.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A page, and what it did that it should not. */
export interface OpenPage {
  readonly page: Page;
  /** Console messages, errors, dialogs, and requests for anything but the page itself and `data:`. */
  readonly complaints: readonly string[];
}

export interface Viewing {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly hasScript?: boolean;
  readonly height?: number;
  /** What stands after the page's address: `#/film/Sintel`. */
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

/** Starts a browser for the tests of a file; the function opens a page of it. */
export function browserForTests(): (file: string, viewing?: Viewing) => Promise<OpenPage> {
  const profile = mkdtempSync(join(tmpdir(), 'giallo-browser-'));
  const contexts: BrowserContext[] = [];
  const launch = async (options: BrowserContextOptions) => {
    const context = await chromium.launchPersistentContext(join(profile, String(contexts.length)), {
      ...options,
      executablePath: process.env.GIALLO_TEST_BROWSER || '/usr/bin/chromium',
      args: switches,
      offline: true,
    });
    contexts.push(context);
    return context;
  };
  let scripted: BrowserContext;
  let scriptless: BrowserContext;
  before(async () => {
    scripted = await launch({ permissions: ['clipboard-read', 'clipboard-write'] });
    scriptless = await launch({ javaScriptEnabled: false });
  });
  after(async () => {
    for (const context of contexts) await context.close();
    rmSync(profile, { recursive: true, force: true });
  });
  return async (
    file,
    { width = 1600, height = 900, scheme = 'light', hasScript = true, hash = '', within } = {},
  ) => {
    const page = await (hasScript ? scripted : scriptless).newPage();
    const address = file.startsWith('http:') ? file : pathToFileURL(file).href;
    await page.context().setOffline(address !== file);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      const isAllowed = url === address || (within !== undefined && url.startsWith(within));
      if (!isAllowed && !url.startsWith('data:')) complaints.push(`request: ${url}`);
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(address + hash);
    return { page, complaints };
  };
}

/** Scrolls through the page, so that what is loaded late is loaded, and resolves when every picture shown is decoded. */
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
