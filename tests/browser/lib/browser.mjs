// Chromium, people at work in it, and what went wrong in their consoles.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the browser that the machine has. */
export function launch() {
  const executablePath = CANDIDATES.find(path => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found: set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** The people of one journey: opens contexts, collects complaints, closes all at the end. */
export class Desk {
  constructor(browser, allowed = []) {
    this.browser = browser;
    this.allowed = allowed;
    this.complaints = [];
    this.contexts = [];
    this.pages = [];
  }
  /** A new context, that is: another person's browser. */
  async context(options = {}) {
    const context = await this.browser.newContext({ locale: 'es-CO', viewport: { width: 1366, height: 768 }, ...options });
    context.setDefaultTimeout(8000);
    this.contexts.push(context);
    context.on('page', page => this.watch(page));
    return context;
  }
  watch(page) {
    this.pages.push(page);
    const complain = text => { if (!this.allowed.some(pattern => pattern.test(text))) this.complaints.push(`${new URL(page.url()).pathname}: ${text}`); };
    page.on('console', message => { if (message.type() === 'error') complain(`console: ${message.text()} ${message.location().url ?? ''}`); });
    page.on('pageerror', error => complain(`error: ${error.stack ?? error.message}`));
  }
  /** Signs a person in and returns their page, on the start page. */
  async signIn(base, person, options = {}) {
    const context = await this.context(options);
    const page = await context.newPage();
    await page.goto(`${base}/sign-in`);
    await page.fill('[name=login]', person.email);
    await page.fill('[name=password]', person.password);
    await page.click('main [type=submit]');
    await page.waitForURL(url => url.pathname === '/');
    if (options.javaScriptEnabled !== false) await live(page);
    return page;
  }
  async close() {
    for (const context of this.contexts) await context.close();
  }
}

/** Waits until the page's socket has spoken. */
export async function live(page, within = 8000) {
  await page.waitForFunction(() => ['on', 'delayed', 'recovered'].includes(document.documentElement.dataset.live), undefined, { timeout: within });
}

/** Who is signed in on the page. */
export const me = page => page.evaluate(() => document.body.dataset.me);
