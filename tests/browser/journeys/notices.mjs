// Notices of new messages: who is told, where, and when all stay quiet.

import { setTimeout as pause } from 'node:timers/promises';
import * as chat from '../lib/chat.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** Notices of the system are written down instead of shown; one tab can be put out of sight. */
const watch = () => {
  window.told = [];
  window.Notification = class { constructor(title, { body }) { window.told.push(`${title}: ${body}`); } static permission = 'granted'; static requestPermission = async () => 'granted'; };
  window.hide = hidden => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.hasFocus = () => !hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  };
};

export default [
  ['a new message is told once, in one tab, and not to who looks at it', async t => {
    const agent = await t.signIn('asesor', { permissions: ['notifications'] }), boss = await t.signIn('supervisor');
    const context = agent.context();
    await context.addInitScript(watch);
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, '/account');
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
    await chat.go(agent, '/account');
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
];
