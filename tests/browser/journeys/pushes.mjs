// What a push must not do to a person at work.

import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const PUSHES = 300;
const TEXT = 'Se escribe con calma, con eñes y tildes, mientras llegan novedades por todos lados. '.repeat(3).slice(0, 200);

/** Opens a page through a socket on which the journey can speak, too. */
async function open(t, path) {
  const agent = await t.signIn('supervisor');
  const boss = await t.signIn('administrador');
  const id = await chat.open(boss, await chat.person(agent));
  const seen = { sockets: 0, shown: [] };
  await agent.context().routeWebSocket(/\/live/, socket => {
    const server = socket.connectToServer();
    seen.sockets++;
    seen.socket = socket;
    socket.onMessage(message => { seen.shown.push(message); server.send(message); });
  });
  await chat.go(agent, path(id));
  await live(agent);
  return { agent, boss, id, seen };
}

/**
 * Frames around and in what the person looks at: the whole region as the server draws it, a new row in the dock, and a
 * counter; by turns.
 */
function frames(page) {
  return page.evaluate(async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    const region = fresh.getElementById('main').outerHTML;
    const row = fresh.querySelector('#dock-conversations > li');
    return Array.from({ length: 12 }, (_, n) => {
      const pushed = row.cloneNode(true);
      pushed.id = `d-pushed-${n % 4}`;
      pushed.dataset.sort = String(n);
      return [
        `<hx-live></hx-live><hx-partial hx-target="#main" hx-swap="outerMorph">${region}</hx-partial>`,
        `<hx-live></hx-live><hx-partial hx-target="#dock-conversations" hx-swap="place">${pushed.outerHTML}</hx-partial>`,
        `<hx-live></hx-live><hx-partial hx-target="#unread-total" hx-swap="outerHTML">${fresh.getElementById('unread-total').outerHTML}</hx-partial>`,
      ][n % 3];
    });
  });
}

/** Sends so many frames, and waits until the last one has been applied. */
async function push(page, socket, all, count) {
  await page.evaluate(() => { window.applied ??= 0; if (!window.counting) document.addEventListener('htmx:after:swap', e => { if (e.detail.ctx.sourceElement?.id === 'live') window.applied++; }); window.counting = true; });
  const before = await page.evaluate(() => window.applied);
  for (let n = 0; n < count; n++) socket.send(all[n % all.length]);
  await until(`${count} pushes landed`, async () => await page.evaluate(() => window.applied) >= before + count, 20000);
}

/** Types in `field` while pushes land. */
async function typesThrough(page, seen, field) {
  const all = await frames(page);
  await field.focus();
  await field.fill('');
  const before = await page.evaluate(() => { window.applied = 0; return 0; });
  const pushed = push(page, seen.socket, all, PUSHES);
  for (const letter of TEXT) await page.keyboard.type(letter);
  await pushed;
  equal('the text is whole', await field.inputValue(), TEXT);
  const at = await field.evaluate(el => ({ focus: el === document.activeElement, start: el.selectionStart, end: el.selectionEnd }));
  equal('focus and caret stay', JSON.stringify(at), JSON.stringify({ focus: true, start: TEXT.length, end: TEXT.length }));
  holds('they did land', await page.evaluate(() => window.applied) > before);
}

export default [
  ['two hundred letters in the composer outlast three hundred pushes', async t => {
    const { agent, seen } = await open(t, id => `/chat/${id}`);
    await typesThrough(agent, seen, agent.locator('form[data-composer] textarea'));
  }],

  ['two hundred letters in another form outlast three hundred pushes', async t => {
    const { agent, seen } = await open(t, () => '/broadcasts/new');
    await typesThrough(agent, seen, agent.locator('#main textarea[name=body]'));
  }],

  ['pushes leave selection, scroll, menus and dialogs as they are', async t => {
    const { agent, seen } = await open(t, id => `/chat/${id}`);
    const all = await frames(agent);
    const menu = agent.locator('.top-me details, details.top-me').first();
    await menu.locator('summary').click();
    const scroller = agent.locator('[data-scroller]');
    await scroller.evaluate(el => { el.scrollTop = Math.floor((el.scrollHeight - el.clientHeight) / 2); });
    const chosen = await agent.evaluate(() => {
      const body = document.querySelector('#main [data-body]');
      getSelection().selectAllChildren(body);
      return getSelection().toString();
    });
    const top = await scroller.evaluate(el => el.scrollTop);
    await push(agent, seen.socket, all, 60);
    holds('the menu is open', await menu.evaluate(el => el.open));
    holds('something is selected', chosen.length > 0);
    equal('the selection stays', await agent.evaluate(() => getSelection().toString()), chosen);
    equal('the view stays', await scroller.evaluate(el => el.scrollTop), top);
    await agent.keyboard.press('Escape');
    await agent.evaluate(() => document.activeElement?.blur());
    await agent.keyboard.press('?');
    const dialog = agent.locator('dialog#keys[open]');
    await dialog.waitFor();
    await push(agent, seen.socket, all, 60);
    holds('the dialog is open', await dialog.evaluate(el => el.open && el.matches(':modal') && el.checkVisibility()));
    await agent.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }],

  ['one socket for all pages, and each is told what it shows', async t => {
    const { agent, seen } = await open(t, id => `/chat/${id}`);
    const said = () => seen.shown.map(text => JSON.parse(text)).filter(message => 'show' in message);
    await agent.evaluate(() => { window.sameDocument = true; });
    for (const [nav, path] of [['home', '/'], ['chat', '/chat'], ['home', '/']]) {
      const before = said().length;
      await agent.evaluate(nav => document.querySelector(`a[data-nav=${nav}]`).click(), nav);
      await until(`${nav} is told`, () => said().length > before);
      await agent.waitForURL(url => url.pathname === path);
    }
    const before = said().length;
    await agent.goBack();
    await until('back is told', () => said().length > before);
    const last = said().at(-1), main = await agent.evaluate(() => document.getElementById('main').dataset.topics);
    equal('what is told is what is shown', last.show, main);
    equal('one socket', seen.sockets, 1);
    holds('one document', await agent.evaluate(() => window.sameDocument));
  }],
];
