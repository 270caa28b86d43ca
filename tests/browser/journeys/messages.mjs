// What people do with messages: several at once, on two instances.

import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { freshDatabase, start } from '../lib/server.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** The message that says this. */
const message = (page, text) => page.locator('.msg', { has: page.locator('[data-body]', { hasText: text }) }).last();

/** Opens the menu of a message and chooses. */
async function choose(page, text, act) {
  const el = message(page, text);
  await el.hover();
  await el.locator('[data-message-menu]').click();
  await page.locator(`#message-menu [data-act="${act}"]`).click();
}

/** Makes a group of the page's person, these and so many more that they are five; its id and how many others. */
const group = (page, wanted) => page.evaluate(async wanted => {
  const form = new DOMParser().parseFromString(await (await fetch('/chat/groups')).text(), 'text/html').querySelector('[data-pick]');
  const fields = new FormData(form), offered = [...form.querySelectorAll('[name=people]')].map(box => box.value);
  const people = [...new Set([...wanted, ...offered])].slice(0, 4);
  const body = new URLSearchParams([['title', 'Turno de la tarde'], ['campaign', fields.get('campaign')], ['key', fields.get('key')], ...people.map(id => ['people', id])]);
  const made = await fetch('/chat/groups', { method: 'POST', body });
  const html = await (await fetch(made.url)).text();
  return { id: made.url.split('/').pop(), others: people.filter(id => html.includes(id)).length };
}, wanted);

const typing = page => page.locator('[data-typing]').innerText();

export default [
  ['a message is answered, reacted to, edited and deleted by mouse and by keyboard', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, `/chat/${id}`);
    const first = chat.unique('Vamos en 18');
    await chat.write(boss, first);
    await chat.arrived(agent, first);

    await choose(agent, first, 'reply');
    holds('what is answered is shown', await agent.locator('[data-reply-bar]').isVisible());
    const answer = chat.unique('Anotado');
    await chat.write(agent, answer);
    await chat.arrived(boss, answer);
    equal('the quote', await message(boss, answer).locator('.msg-quote-line').innerText(), first);
    holds('the bar is gone', await agent.locator('[data-reply-bar]').isHidden());

    await message(agent, first).hover();
    await message(agent, first).locator('[data-message-menu]').click();
    await agent.locator('#message-menu [name=kind][value=like]').click();
    await until('the reaction is there', async () => await message(boss, first).locator('.react .num').allInnerTexts().then(all => all.join()) === '1');
    await message(boss, first).locator('.react').click();
    await until('both reacted', async () => await message(agent, first).locator('.react .num').innerText() === '2');

    await boss.locator('form[data-composer] textarea').focus();
    await boss.keyboard.press('ArrowUp');
    const edit = boss.locator('[data-edit-bar] textarea');
    equal('the last own message is edited', await edit.inputValue(), first);
    await edit.fill(`${first}, no 20`);
    await boss.keyboard.press('Enter');
    await chat.arrived(agent, `${first}, no 20`);
    await until('the composer is back', () => boss.locator('form[data-composer]').isVisible());
    equal('the quote follows', await message(agent, answer).locator('.msg-quote-line').innerText(), `${first}, no 20`);

    await choose(agent, answer, 'delete');
    await agent.locator('#message-menu [data-act=sure]').click();
    await until('the other sees that it is gone', async () => await boss.locator('.msg-gone').count() > 0 && await message(boss, answer).count() === 0);
    await message(agent, `${first}, no 20`).locator('[data-message-menu]').focus();
    await agent.keyboard.press('Enter');
    holds('another’s is neither edited nor deleted', await agent.locator('#message-menu [data-act=edit]').isHidden() && await agent.locator('#message-menu [data-act=delete]').isHidden());
    await agent.keyboard.press('Escape');
    await until('the focus is back', () => agent.evaluate(() => document.activeElement.matches('[data-message-menu]')));
    await equalsReload(agent);
    await equalsReload(boss);
  }],

  ['somebody is named with "@" and the arrow keys', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    const who = await chat.person(agent);
    const id = await chat.open(boss, who);
    await chat.go(agent, `/chat/${id}`);
    const field = boss.locator('form[data-composer] textarea');
    await field.fill('');
    await field.pressSequentially(`Mire, @${who.name.slice(0, 3)}`);
    await boss.locator('#mentions li:visible').first().waitFor();
    equal('the field knows its list', await field.getAttribute('aria-controls'), 'mentions');
    await boss.keyboard.press('ArrowDown');
    await boss.keyboard.press('Enter');
    equal('the name is put in', await field.inputValue(), `Mire, @${who.name} `);
    await boss.keyboard.press('Enter');
    await agent.locator('.mention', { hasText: `@${who.name}` }).last().waitFor();
    await equalsReload(agent);
  }],

  ['group of five with typing, receipts, edit and delete across two instances', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const env = { DATABASE_URL: database.url, REDIS_URL: process.env.TEST_REDIS_URL, SECRET_KEY: 'a'.repeat(64) };
    const first = await start('demo', env);
    t.after(() => first.stop());
    const second = await start('serve', env);
    t.after(() => second.stop());
    const pages = [];
    for (const [n, role] of ['supervisor', 'asesor', 'backoffice', 'administrador'].entries()) {
      pages.push(await t.signIn(role, { base: [first, second][n % 2].url, people: first.people }));
    }
    const [boss, agent, office] = pages;
    const { id, others } = await group(boss, await Promise.all(pages.slice(1).map(async page => (await chat.person(page)).id)));
    equal('five are in it', others, 4);
    for (const page of pages) await chat.go(page, `/chat/${id}`);

    const name = (await chat.person(agent)).name;
    await agent.locator('form[data-composer] textarea').pressSequentially('Listo, qu', { delay: 20 });
    for (const page of [boss, office]) await until('the others see who types', async () => await typing(page) === `${name} está escribiendo…`, 3000);
    equal('not oneself', await typing(agent), '');
    const text = chat.unique('Quedó registrado');
    await chat.write(agent, text);
    for (const page of pages) await chat.arrived(page, text);
    await until('who has written no longer writes', async () => await typing(boss) === '', 1000);

    const seen = agent.locator('.seen');
    for (const page of pages.slice(2)) await page.bringToFront();
    await until('three of four have it on the screen', async () => (await seen.innerText()).includes('Leído por 3 de 4'), 4000);
    holds('the others are not told', await boss.locator('.seen').isHidden());
    await seen.locator('summary').click();
    holds('names are there', (await seen.innerText()).includes((await chat.person(boss)).name));
    await seen.locator('summary').click();

    await agent.locator('form[data-composer] textarea').focus();
    await agent.keyboard.press('ArrowUp');
    await agent.locator('[data-edit-bar] textarea').fill(`${text} hoy`);
    await agent.keyboard.press('Enter');
    for (const page of pages) await chat.arrived(page, `${text} hoy`);
    await choose(agent, `${text} hoy`, 'delete');
    await agent.locator('#message-menu [data-act=sure]').click();
    for (const page of pages) await until('it is gone everywhere', async () => await page.locator('.msgs .msg-gone').count() === 1 && await message(page, text).count() === 0);
    for (const page of pages) await equalsReload(page);
  }, { needs: ['TEST_POSTGRES_URL', 'TEST_REDIS_URL'] }],
];
