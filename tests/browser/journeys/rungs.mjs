// The live ladder: the chat's journeys where no WebSocket gets through, and where
// no event stream does either; down, and up again.

import { BLOCKED, live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';
import journeys from './chat.mjs';

/** How much later news comes than on a socket. */
const LATER_MS = { sse: 500, poll: 4000 };
const rung = page => page.evaluate(() => document.documentElement.dataset.rung);

/** A journey as on a network that lets nothing better through than `name`. */
const on = (name, journey) => t => journey({
  ...t,
  soon: ms => ms + LATER_MS[name],
  signIn: (role, options) => t.signIn(role, { ...options, ...(options?.javaScriptEnabled === false ? {} : { rung: name }) }),
});

const both = Object.keys(LATER_MS).flatMap(name => [
  ...journeys.filter(([, , options]) => options?.everyRung)
    .map(([title, journey]) => [`${title} (${name})`, on(name, journey), { allow: BLOCKED }]),

  [`navigation, back and forward show the truth (${name})`, on(name, async t => {
    const agent = await t.signIn('asesor'), boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    await agent.evaluate(id => document.querySelector(`#d-${id} a`).click(), id);
    await agent.waitForURL(/\/chat\/[0-9a-f-]{36}/);
    const text = chat.unique('En la página que se abrió');
    await chat.write(boss, text);
    await chat.arrived(agent, text, t.soon(2000));
    await agent.evaluate(() => document.querySelector('a[data-nav=home]').click());
    await agent.waitForURL(url => url.pathname === '/');
    const meanwhile = chat.unique('Mientras no se miraba');
    await chat.write(boss, meanwhile);
    await until('the dock shows it', () => agent.locator(`#d-${id}`, { hasText: meanwhile }).count(), t.soon(2000));
    await agent.goBack();
    await chat.arrived(agent, meanwhile, t.soon(2000));
    await agent.goForward();
    await agent.waitForURL(url => url.pathname === '/');
    await equalsReload(agent, t.soon(2000));
    equal('the rung is held', await rung(agent), name);
  }), { allow: BLOCKED }],

  [`a session that ends goes to sign-in (${name})`, on(name, async t => {
    const page = await t.signIn('backoffice'), other = await t.signIn('backoffice');
    await other.goto(new URL('/account/security', page.url()).href);
    await other.locator('form[action="/account/sessions"] [type=submit]').click();
    await page.waitForURL(/\/sign-in/, { timeout: t.soon(5000) });
    await live(other, 20000);
  }), { allow: BLOCKED }],

  [`a socket is taken as soon as one gets through (${name})`, async t => {
    const page = await t.signIn('asesor', { rung: name });
    await page.evaluate(() => {
      window.unblock();
      window.wentOff = 0;
      new MutationObserver(() => { if (document.documentElement.dataset.live === 'off') window.wentOff++; })
        .observe(document.documentElement, { attributes: true, attributeFilter: ['data-live'] });
      dispatchEvent(new Event('online'));      // a network that changed; else it is tried after a minute
    });
    await until('it climbs', async () => await rung(page) === 'socket', 8000);
    await live(page);
    equal('nobody saw it gone', await page.evaluate(() => window.wentOff), 0);
  }, { allow: BLOCKED }],
]);

export default [
  ...both,

  ['typing is told without a socket', async t => {
    const agent = await t.signIn('asesor', { rung: 'sse' }), boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, `/chat/${id}`);
    await live(agent, 20000);
    await agent.locator('form[data-composer] textarea').pressSequentially('hola', { delay: 30 });
    await until('the other one reads it', () => boss.locator(`[data-typing="${id}"]`).innerText(), 4000);
  }, { allow: BLOCKED }],

  ['polling says that news comes late', async t => {
    const page = await t.signIn('asesor', { rung: 'poll' });
    await page.locator('.connection [data-when=poll]').waitFor();
    holds('it is live all the same', await page.evaluate(() => document.documentElement.dataset.live === 'on'));
  }, { allow: BLOCKED }],
];
