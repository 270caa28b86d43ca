// Groups: made, changed and left under everyone's eyes; what a person keeps to themselves about them; hands on the keyboard.

import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** Makes a group by its form, of the page's person and another; its address. */
async function make(page, title, other) {
  await chat.go(page, '/chat/groups');
  await page.locator('[data-pick] [name=title]').fill(title);
  await page.locator('[data-pick] [name=q]').fill(other.name);
  await page.locator(`[data-pick] [name=people][value="${other.id}"]`).check();
  await page.locator('[data-pick] [type=submit]:visible').click();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
  await live(page);
  return new URL(page.url()).pathname;
}

/** Chooses from the menu of the open conversation. */
async function own(page, words) {
  await page.locator('.talk-menu summary').click();
  await page.locator('.talk-menu button', { hasText: words }).click();
}

const row = (page, prefix, path) => page.locator(`#${prefix}-${path.split('/').pop()}`);

export default [
  ['a group is made, renamed and left while its people look on', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    const who = await chat.person(agent);
    await chat.go(agent, '/chat?kind=group');
    await live(agent);
    const title = chat.unique('Refuerzo');
    const path = await make(boss, title, who);
    await row(agent, 'c', path).waitFor();
    await row(agent, 'c', path).locator('a').click();
    await agent.locator('.talk-head h1', { hasText: title }).waitFor();
    await boss.locator('.talk-people summary').click();
    await boss.locator('.rename [name=title]').fill(`${title} sur`);
    await boss.locator('.rename [type=submit]').click();
    await agent.locator('.talk-head h1', { hasText: `${title} sur` }).waitFor();
    await until('it is told among the messages', async () => await agent.locator('.msg-notice', { hasText: `${title} sur` }).count() === 1);
    await equalsReload(agent);
    const text = chat.unique('Ya quedé');
    await chat.write(agent, text);
    await chat.arrived(boss, text);
    boss.once('dialog', dialog => dialog.accept());
    const gone = boss.locator(`[id^="in-"][id$="${who.id}"]`);
    if (!await gone.locator('button').isVisible()) await boss.locator('.talk-people summary').click();
    await gone.locator('button').click();
    await gone.waitFor({ state: 'detached' });
    await agent.locator('.talk-gone').waitFor();
    equal('nothing of it is left', await agent.locator('.msgs').count(), 0);
    await until('its row is gone', async () => await row(agent, 'c', path).count() === 0);
    await boss.keyboard.press('Escape');
    await equalsReload(boss);
  }],

  ['pinned, muted and marked as unread follow to the other tab', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    const path = await make(boss, chat.unique('Tarde'), await chat.person(agent));
    await chat.go(agent, path);
    await live(agent);
    const list = await agent.context().newPage();
    await list.goto(new URL('/chat', agent.url()).href);
    await live(list);
    const id = path.split('/').pop();

    await own(agent, 'Fijar');
    await row(list, 'pin', path).waitFor();
    holds('it stands once', await row(list, 'c', path).isHidden());
    await own(agent, 'Silenciar');
    await until('the other tab shows that it is muted', () => list.locator(`#pu-${id}[data-muted]`).isVisible());
    await until('the menu offers the way back', async () => await agent.locator('.talk-menu button', { hasText: 'Silenciar' }).count() === 0);
    const total = await chat.count(list, 'unread-total');
    await list.bringToFront();
    const text = chat.unique('Para la tarde');
    await chat.write(boss, text);
    await until('the row says it', async () => (await row(list, 'pin', path).innerText()).includes(text));
    holds('it is still muted', await list.locator(`#pu-${id}[data-muted]`).isVisible());
    equal('the total leaves it out', await chat.count(list, 'unread-total'), total);

    await agent.bringToFront();
    await until('it is read on the screen', async () => await chat.count(list, `pu-${id}`) === 0);
    await own(agent, 'no leído');
    await agent.waitForURL(/\/chat$/);
    await until('it counts as unread in both', async () => await chat.count(list, `pu-${id}`) === 1 && await chat.count(agent, `pu-${id}`) === 1);
    for (const page of [agent, list]) await equalsReload(page);
    await row(agent, 'pin', path).locator('a').click();
    await agent.waitForURL(url => url.pathname === path);
    await own(agent, 'Dejar de fijar');
    await row(list, 'pin', path).waitFor({ state: 'detached' });
    holds('it is back in its place', await row(list, 'c', path).isVisible());
    for (const page of [agent, list]) await equalsReload(page);
  }],

  ['the menu of a message with the keyboard alone', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    const path = await make(boss, chat.unique('Teclado'), await chat.person(agent));
    await chat.go(agent, path);
    await live(agent);
    const text = chat.unique('Con las teclas');
    await chat.write(agent, text);
    await chat.arrived(boss, text);
    const focused = selector => agent.evaluate(s => document.activeElement?.matches(s), selector);
    const press = async (...keys) => { for (const key of keys) await agent.keyboard.press(key); };
    const open = async () => {
      await agent.locator('.msg', { hasText: text }).locator('[data-message-menu]').focus();
      await press('Enter');
      await agent.locator('#message-menu:popover-open').waitFor();
    };
    const go = async act => {
      for (let n = 0; n < 16 && !await focused(`[data-act="${act}"]`); n++) await press('ArrowDown');
      holds(`the arrows reach ${act}`, await focused(`[data-act="${act}"]`));
      await press('Enter');
    };

    await open();
    holds('the first reaction has the focus', await focused('#message-menu [name=kind]'));
    await press('ArrowRight', 'Enter');
    await boss.locator('.msg', { hasText: text }).locator('.react').waitFor();
    await open();
    await press('Escape');
    holds('Escape gives the focus back', await focused('[data-message-menu]'));

    await open();
    await go('reply');
    holds('one writes at once', await focused('form[data-composer] textarea'));
    holds('what is answered is shown', await agent.locator('[data-reply-bar]').isVisible());
    await press('Escape');
    holds('Escape drops it', await agent.locator('[data-reply-bar]').isHidden());

    await open();
    await go('edit');
    holds('the words can be changed', await focused('[data-edit-bar] textarea'));
    await agent.keyboard.type(' y el ratón no');
    await press('Enter');
    await chat.arrived(boss, `${text} y el ratón no`);
    holds('the composer has the focus again', await until('the bar closes', () => focused('form[data-composer] textarea')));

    await open();
    await go('delete');
    holds('the question has the focus', await focused('[data-act=sure]'));
    await press('Enter');
    await until('it is gone everywhere', async () => await boss.locator('.msg-gone').count() === 1 && await boss.locator('.msg', { hasText: text }).count() === 0);
    for (const page of [agent, boss]) await equalsReload(page);
  }],
];
