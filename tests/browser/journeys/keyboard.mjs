// Hands on the keyboard; eyes of every kind.

import { findings } from '../lib/axe.mjs';
import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** Presses Tab until the focus is on something that matches. */
async function tabTo(page, selector, most = 80) {
  for (let n = 0; n < most; n++) {
    if (await page.evaluate(s => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${selector}`);
}

export default [
  ['who does nothing for five minutes is away, until the next key or page', async t => {
    const colleague = await t.signIn('supervisor');
    let page = await t.signIn('backoffice');
    const idler = await chat.person(page);
    await chat.open(colleague, idler);
    await live(colleague);
    const seen = state => until(`the colleague sees ${state}`, () => colleague.evaluate(
      ([id, state]) => [...document.querySelectorAll(`.talk [data-presence="${id}"]`)].some(dot => dot.dataset.state === state), [idler.id, state]), 15000);
    await page.clock.install();
    await page.reload();
    await live(page);
    await seen('available');
    await page.clock.fastForward('06:00');
    await seen('away');
    await page.keyboard.press('Shift');
    await seen('available');
    await page.clock.fastForward('06:00');
    await seen('away');
    const again = await page.context().newPage();
    await page.close();
    page = again;
    await page.goto(t.server.url);
    await seen('available');
  }],
  ['a shift with the keyboard alone', async t => {
    const boss = await t.signIn('supervisor');
    const other = await chat.person(boss);
    const context = await t.context();
    const page = await context.newPage();
    await page.goto(`${t.server.url}/sign-in`);
    await tabTo(page, '[name=login]');
    await page.keyboard.type(t.server.people.asesor.email);
    await page.keyboard.press('Tab');
    await tabTo(page, '[name=password]');
    await page.keyboard.type(t.server.people.asesor.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(url => url.pathname === '/');
    await live(page);

    await page.keyboard.press('?');
    await page.locator('dialog#keys[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog#keys[open]').waitFor({ state: 'detached' });

    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/\/chat/);
    await page.keyboard.press('/');
    holds('/ goes to search', await page.evaluate(() => document.activeElement.matches('[data-search]')));
    await page.keyboard.press('Escape');

    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.waitForURL(/\/chat\/new/);
    await tabTo(page, '#recipient');
    await page.keyboard.type(other.name);
    await page.locator('#recipients [name=user_id]').first().waitFor({ state: 'attached' });
    await page.waitForFunction(id => [...document.querySelectorAll('#recipients [name=user_id]')].every(el => el.value === id), other.id);
    await tabTo(page, '#recipients button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
    await tabTo(page, 'form[data-composer] textarea');
    const text = chat.unique('Con el teclado');
    await page.keyboard.type(text);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('y otra línea');
    await page.keyboard.press('Enter');
    await page.locator('[id^="m-"] [id^="msg-"]:not([data-state])', { hasText: text }).waitFor();
    equal('the composer is empty', await page.locator('form[data-composer] textarea').inputValue(), '');
    holds('the focus stays in it', await page.evaluate(() => document.activeElement.matches('form[data-composer] textarea')));
    await equalsReload(page);
  }],

  ...['light', 'dark'].map(colorScheme => [`axe finds nothing serious in ${colorScheme}`, async t => {
    const found = [];
    const look = async page => { for (const line of await findings(page)) found.push(`${new URL(page.url()).pathname} ${line}`); };
    const guest = await (await t.context({ colorScheme, reducedMotion: 'reduce' })).newPage();
    await guest.goto(`${t.server.url}/sign-in`);
    await look(guest);
    const boss = await t.signIn('supervisor');
    const page = await t.signIn('asesor', { colorScheme, reducedMotion: 'reduce' });
    const id = await chat.open(boss, await chat.person(page));
    await chat.write(boss, chat.unique('Hola'));
    for (const path of ['/', '/chat', `/chat/${id}`, '/chat/new', '/account', '/search?q=a', '/none']) {
      await page.goto(new URL(path, page.url()).href);
      await look(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page);
    await page.goto(new URL('/', page.url()).href);
    for (const menu of ['.state summary', '.top-me summary']) {
      await page.locator(menu).click();
      await look(page);
    }
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.locator('dialog#keys[open]').waitFor();
    await look(page);
    await page.keyboard.press('Escape');
    await page.context().setOffline(true);
    await page.waitForSelector('html[data-live=off]');
    await look(page);
    holds(`serious findings:\n      ${found.join('\n      ')}`, found.length === 0);
  }, { allow: [/404/, /ERR_/, /WebSocket/] }]),

  ...['light', 'dark'].map(colorScheme => [`axe finds nothing serious in groups and administration in ${colorScheme}`, async t => {
    const found = [];
    const look = async page => { for (const line of await findings(page)) found.push(`${new URL(page.url()).pathname} ${line}`); };
    const options = { colorScheme, reducedMotion: 'reduce' };
    const boss = await t.signIn('supervisor', options);
    await chat.go(boss, '/chat?kind=group');
    await look(boss);
    await boss.locator('.conv-list .conv-link', { hasText: 'Turno de la mañana' }).first().click();
    await boss.locator('.msgs .msg').first().waitFor();
    await look(boss);
    for (const opener of ['.talk-people summary', '.talk-menu summary', '.emoji summary']) {
      await boss.locator(opener).click();
      await look(boss);
      await boss.keyboard.press('Escape');
    }
    await boss.locator('.msgs .msg [data-message-menu]').last().focus();
    await boss.keyboard.press('Enter');
    await look(boss);
    await boss.keyboard.press('Escape');
    for (const path of ['/chat/groups', '/chat/search?q=meta', '/broadcasts', '/broadcasts/new']) {
      await chat.go(boss, path);
      await look(boss);
    }
    const admin = await t.signIn('administrador', options);
    for (const path of ['/people', '/people/new', '/people/import', '/campaigns', '/employees', '/audit', '/settings', '/account/security']) {
      await chat.go(admin, path);
      await look(admin);
    }
    for (const page of [boss, admin]) {
      await page.setViewportSize({ width: 390, height: 844 });
      await look(page);
    }
    holds(`serious findings:\n      ${found.join('\n      ')}`, found.length === 0);
  }]),
];
