// Frames at a page of one's own: the product's scripts run, the network is made up.

import { readFileSync } from 'node:fs';
import { until } from './wait.mjs';

export const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

/** What scripts and htmx leave on elements while they are at work. */
const WORK = {
  attributes: ['data-htmx-powered', 'data-ready', 'style'],
  classes: ['htmx-added', 'htmx-settling', 'htmx-swapping', 'htmx-request'],
};

/** A tab that is given pages and frames by the test. Only the assets come from the server. */
export class Replay {
  /** @param page a signed-in page; its document lends the head and the element of the connection. */
  static async start(page) {
    const replay = new Replay();
    replay.page = page;
    replay.parts = await page.evaluate(async () => {
      const text = await (await fetch('/', { headers: { Accept: 'text/html' } })).text();
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      return { head: fresh.head.innerHTML, live: fresh.getElementById('live').outerHTML };
    });
    await page.routeWebSocket(/\/live\?/, socket => { replay.socket = socket; });
    await page.route(url => !url.pathname.startsWith('/assets/'), route => {
      const isPage = route.request().isNavigationRequest();
      return isPage ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: replay.html }) : route.fulfill({ status: 204 });
    });
    return replay;
  }
  /** Loads a whole page and waits for its socket. */
  async load(html, path = '/') {
    this.html = html.replace('</body>', '<i id="replay-end" hidden></i></body>');
    this.socket = null;
    this.sent = 0;
    await this.page.goto(new URL(path, this.page.url()).href);
    await until('the page opens its socket', () => this.socket);
  }
  /** Loads a page of nothing but an empty #main. */
  async loadBare(labels) {
    const { head, live } = this.parts;
    await this.load(`<!doctype html><html lang="es"><head>${head}</head><body data-presence-labels='${JSON.stringify(labels)}'>`
      + `<main id="main" data-seq="1" data-topics=""></main>${live}</body></html>`);
  }
  /** Begins anew in #main, with nothing heard of anybody. */
  async begin(html) {
    const main = `<main id="main" data-seq="1" data-topics="">${html}</main>`;
    await this.send(['<hx-presence all=""></hx-presence>', `<hx-partial hx-target="#main" hx-swap="outerHTML">${main}</hx-partial>`]);
  }
  /** Sends frames as the server does and waits until the last one is applied. */
  async send(frames) {
    const mark = `n${++this.sent}`;
    for (const frame of frames) this.socket.send(frame.startsWith('<hx-live') ? frame : `<hx-live></hx-live>${frame}`);
    this.socket.send(`<hx-live></hx-live><hx-partial hx-target="#replay-end" hx-swap="textContent">${mark}</hx-partial>`);
    await this.page.waitForFunction(mark => document.getElementById('replay-end').textContent === mark, mark);
  }
  /** An element as a tree that can be compared: [name, attributes, children], words as text; null when there is none. */
  element(selector) {
    return this.page.evaluate(readTree, { selector, work: WORK });
  }
  /** What is in an element. */
  async tree(selector) { return (await this.element(selector))[2]; }
  /** The same of HTML as it would stand in #main. */
  async treeOf(html) {
    return (await this.page.evaluate(readTree, { html, work: WORK }))[2];
  }
}

function readTree({ selector, html, work }) {
  const read = el => {
    const attributes = {}, children = [];
    for (const { name, value } of el.attributes) if (!work.attributes.includes(name)) attributes[name] = value;
    if ('class' in attributes) {
      const before = attributes.class, kept = [...el.classList].filter(name => !work.classes.includes(name));
      if (kept.length < el.classList.length) attributes.class = kept.join(' ');
      if (!attributes.class && before) delete attributes.class;
    }
    for (const node of (el.content ?? el).childNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) children.push(read(node));
      else if (node.nodeType !== Node.TEXT_NODE || !node.data) continue;
      else if (typeof children.at(-1) === 'string') children[children.length - 1] += node.data;
      else children.push(node.data);
    }
    return [el.localName, attributes, children];
  };
  const template = document.createElement('template');
  template.innerHTML = html ?? '';
  const root = selector ? document.querySelector(selector) : template;
  return root && read(root);
}

/** One line per tag and run of words, attributes in order. */
export function lines(children, depth = 0) {
  return children.flatMap(node => {
    if (node === null) return ['(not there)'];
    if (typeof node === 'string') return [' '.repeat(depth) + JSON.stringify(node)];
    const [name, attributes, inner] = node;
    const told = Object.keys(attributes).sort().map(key => ` ${key}=${JSON.stringify(attributes[key])}`).join('');
    return [`${' '.repeat(depth)}<${name}${told}>`, ...lines(inner, depth + 1)];
  });
}

/** Fails with the first line that differs. */
export function same(what, made, wanted) {
  const [one, other] = [lines(made), lines(wanted)];
  const at = Array.from({ length: Math.max(one.length, other.length) }, (_, n) => n).find(n => one[n] !== other[n]);
  if (at === undefined) return;
  const around = text => text.slice(Math.max(0, at - 3), at + 4).join('\n        ');
  throw new Error(`${what}, line ${at}\n      Chromium:\n        ${around(one)}\n      the oracle:\n        ${around(other)}`);
}
