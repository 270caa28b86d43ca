// Notices of new messages: who is told, where, and when all stay quiet.

import { setTimeout as pause } from 'node:timers/promises';
import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equal, holds, until } from '../lib/wait.mjs';
import { watch } from '../lib/watch.mjs';

export default [
  ['a new message is told once, in one tab, and not to who looks at it', async t => {
    const agent = await t.signIn('asesor', { permissions: ['notifications'] }), boss = await t.signIn('supervisor');
    const context = agent.context();
    await context.addInitScript(watch);
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, '/account/security');
    await agent.locator('[data-notices] [name=system]').check();
    await until('the choice is kept', () => agent.evaluate(() => JSON.parse(localStorage.getItem('crea:notices')).system === true));
    await agent.locator('[data-notices-test]').click();
    await until('the test shows a toast', () => agent.locator('#toasts [data-toast]').count());
    equal('and a notice', (await agent.evaluate(() => window.told)).length, 1);

    const other = await context.newPage();
    await other.goto(new URL('/', agent.url()).href);
    await until('both are live', () => other.evaluate(() => document.documentElement.dataset.live === 'on'));
    const told = async () => (await Promise.all([agent, other].map(page => page.evaluate(() => window.told)))).flat();
    await agent.evaluate(() => { window.told.length = 0; });

    // One looks at the conversation, the other tab is out of sight: quiet.
    await other.evaluate(() => window.hide(true));
    await chat.go(agent, `/chat/${id}`);
    await agent.evaluate(() => window.hide(false));
    const seen = chat.unique('Lo está viendo');
    await chat.write(boss, seen);
    await chat.arrived(agent, seen);
    await pause(300);
    equal('nobody is told of what is looked at', (await told()).join(), '');
    equal('no toast either', await agent.locator('#toasts [data-toast]').count(), 0);

    // At work elsewhere: a toast with the way there, no notice of the system.
    await chat.go(agent, '/account/security');
    await agent.evaluate(() => window.hide(false));
    const toast = chat.unique('En otra página');
    await chat.write(boss, toast);
    const link = agent.locator('#toasts a', { hasText: toast });
    await link.waitFor();
    equal('it leads there', await link.getAttribute('href'), `/chat/${id}`);
    equal('a toast is enough', (await told()).join(), '');

    const icon = await agent.evaluate(() => document.querySelector('link[rel=icon]').href);
    holds('the icon shows the number', icon.startsWith('data:image/svg+xml') && /%3E\d+%3C/.test(icon));
  }],

  ['with every tab out of sight the system tells it, unless it is muted or one is on a call', async t => {
    const agent = await t.signIn('asesor', { permissions: ['notifications'] }), boss = await t.signIn('supervisor');
    const context = agent.context();
    await context.addInitScript(watch);
    const who = await chat.person(agent), id = await chat.open(boss, who);
    await chat.go(agent, '/account/security');
    await agent.locator('[data-notices] [name=system]').check();
    await agent.locator('[data-notices] [name=sound]').check();
    const other = await context.newPage();
    await other.goto(new URL('/', agent.url()).href);
    const tabs = [agent, other];
    for (const tab of tabs) await live(tab);
    const all = async name => (await Promise.all(tabs.map(tab => tab.evaluate(name => window[name], name)))).flat();
    const forget = () => Promise.all(tabs.map(tab => tab.evaluate(() => { window.told.length = 0; window.rung.length = 0; })));
    const post = (path, fields) => agent.evaluate(async ([path, fields]) => (await fetch(path, { method: 'POST', body: new URLSearchParams(fields) })).ok, [path, fields]);
    const both = (what, selector) => until(what, async () => (await Promise.all(tabs.map(tab => tab.locator(selector).count()))).every(Boolean), 10000);
    /** Says something and waits until both tabs have it; a moment more than a notice takes. */
    const say = async text => {
      await pause(1600);                                           // two sounds are never closer
      await chat.write(boss, text);
      await until('both tabs have it', async () => (await Promise.all(tabs.map(tab => tab.locator(`#d-${id}`, { hasText: text }).count()))).every(Boolean), 10000);
      await pause(400);
      return text;
    };
    for (const tab of tabs) await tab.evaluate(() => window.hide(true));
    try {
      await forget();
      const plain = await say(chat.unique('Fuera de la vista'));
      const told = await all('told');
      equal('told once', told.length, 1);
      holds(`who and what: ${told[0]}`, told[0].endsWith(plain) && told[0].length > plain.length + 4);
      equal('with one sound of two tones', (await all('rung')).join(), '660,880');
      equal('no toast where nobody looks', await agent.locator('#toasts [data-toast]').count(), 0);

      holds('it is muted', await post(`/chat/${id}/mute`, { on: true }));
      await both('both tabs know', `#du-${id}[data-muted]`);
      await forget();
      await say(chat.unique('En silencio'));
      equal('nothing is told', (await all('told')).join(), '');
      equal('nothing rings', (await all('rung')).join(), '');
      await say(`@${who.name} ${chat.unique('a usted')}`);
      equal('being named breaks the quiet', (await all('told')).length, 1);
      equal('with a sound of its own', (await all('rung')).join(), '880,1175,880');
      holds('it is heard again', await post(`/chat/${id}/mute`, { on: false }));

      holds('a call begins', await post('/agent-state', { state: 'on_call' }));
      await both('both tabs know', '#agent-state summary .dot[data-state="on_call"]');
      await forget();
      await say(chat.unique('Durante la llamada'));
      equal('nothing disturbs a call', [...await all('told'), ...await all('rung')].join(), '');
      holds('the call is over', await post('/agent-state', { state: 'available' }));
      await both('both tabs know', '#agent-state summary .dot[data-state="available"]');

      await say(chat.unique('Después de la llamada'));
      const leader = (await agent.evaluate(() => window.told.length)) ? agent : other;
      await leader.evaluate(() => { window.hide(false); window.notice.onclick(); });
      await leader.waitForURL(url => url.pathname === `/chat/${id}`);
    } finally {
      await post(`/chat/${id}/mute`, { on: false });               // others use the same people
      await post('/agent-state', { state: 'available' });
    }
  }],
];
