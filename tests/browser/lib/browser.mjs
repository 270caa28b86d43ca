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
  async context({ rung = 'socket', ...options } = {}) {
    const context = await this.browser.newContext({ locale: 'es-CO', viewport: { width: 1366, height: 768 }, ...options });
    await block(context, rung);
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
    if (options.javaScriptEnabled === false) return page;
    await live(page, options.rung ? 20000 : undefined);
    const rung = await page.evaluate(() => document.documentElement.dataset.rung);
    if (rung !== (options.rung ?? 'socket')) throw new Error(`the page is live by ${rung}`);
    return page;
  }
  async close() {
    for (const context of this.contexts) await context.close();
  }
}

/** A network that lets nothing better through than this rung of the live ladder; what pages say of it is `BLOCKED`. */
async function block(context, rung) {
  if (rung === 'socket') return;
  await context.addInitScript(() => {
    const Real = window.WebSocket;
    class Blocked extends EventTarget {
      readyState = Real.CONNECTING;
      constructor() {
        super();
        this.addEventListener('close', event => this.onclose?.(event));
        setTimeout(() => {
          this.readyState = Real.CLOSED;
          this.dispatchEvent(new Event('error'));
          this.dispatchEvent(new CloseEvent('close', { code: 1006 }));
        }, 20);
      }
      send() {}
      close() {}
    }
    for (const name of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED']) Blocked[name] = Real[name];
    window.unblock = () => { window.WebSocket = Real; };
    window.WebSocket = Blocked;
  });
  if (rung === 'poll') await context.route(/\/live\/sse/, route => route.abort());
}
export const BLOCKED = [/WebSocket/, /live\/sse/, /ERR_FAILED/, /htmx:ws:error/, /Failed to fetch/, /htmx:error/];

/** Waits until the page's live connection has spoken. */
export async function live(page, within = 8000) {
  await page.waitForFunction(() => ['on', 'delayed', 'recovered'].includes(document.documentElement.dataset.live), undefined, { timeout: within });
}

/** Who is signed in on the page. */
export const me = page => page.evaluate(() => document.body.dataset.me);
