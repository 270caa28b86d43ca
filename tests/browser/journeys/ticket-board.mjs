// The board of tickets, by mouse and by keyboard, and figures that move.

import { findings } from '../lib/axe.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const at = (page, path) => page.goto(new URL(path, page.url()).href);

/** Opens a ticket as a person does; its id. */
async function open(page, title) {
  await at(page, '/tickets/new');
  await page.fill('#f-title', title);
  await page.fill('#f-description', 'Desde las ocho.');
  await page.selectOption('#f-application', 'CARTERA');
  await page.selectOption('#f-priority', 'AL');
  await page.click('form[data-once] .actions [type=submit]');
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname.split('/').pop();
}

const card = id => `#ticket-card-${id}`;
const isIn = (page, id, state) => until(`in ${state}`, () => page.locator(`#board-${state} ${card(id)}`).count());
/** The card may go on from there: it was drawn again. */
const mayGo = (page, id, state) => until(`may go to ${state}`, () => page.locator(`${card(id)}[data-steps*="${state}:"]`).count());
const said = (page, words) => until(words, () => page.locator('body > p[aria-live]', { hasText: words }).count());
const drag = (page, id, state) => page.locator(`${card(id)} .board-link`).dragTo(page.locator(`#board-${state} h2`));

async function write(page, words) {
  await until('it asks', () => page.evaluate(() => document.querySelector('#board-words').open));
  await page.fill('#f-board-reason', words);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

export default [
  ['cards go to other columns by mouse and by keyboard, on every screen, and come back where they may not go', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await at(boss, '/tickets/board');
    const id = await open(agent, 'Tarjeta que se mueve');
    await isIn(boss, id, 'AB');
    await at(agent, '/tickets/board');
    await isIn(agent, id, 'AB');
    equal('who opened it moves it nowhere yet', await agent.locator(`${card(id)} .board-grip`).count(), 0);

    await drag(boss, id, 'EP');
    await isIn(boss, id, 'EP');
    await isIn(agent, id, 'EP');
    await mayGo(boss, id, 'PE');
    await drag(boss, id, 'PE');
    await write(boss, 'Lo ve el proveedor.');
    await isIn(agent, id, 'PE');
    await mayGo(boss, id, 'EP');
    await drag(boss, id, 'AB');
    await isIn(boss, id, 'PE');
    holds('nothing is held', await boss.evaluate(() => !document.querySelector('[data-held],[data-drop],[data-picked]')));

    // By keyboard: told aloud, refused where it may not go, cancelled, dropped; the focus stays on the card.
    const grip = boss.locator(`${card(id)} .board-grip`);
    const focused = () => boss.evaluate(id => document.activeElement.closest(id) !== null, card(id));
    await grip.focus();
    await boss.keyboard.press('Enter');
    await said(boss, 'tomado, en Pendiente de tercero');
    await boss.keyboard.press('ArrowLeft');
    await boss.keyboard.press('ArrowLeft');
    await said(boss, 'no puede pasar aquí');
    await boss.keyboard.press('Escape');
    await said(boss, 'Cancelado');
    await isIn(boss, id, 'PE');
    await boss.keyboard.press('Enter');
    await boss.keyboard.press('ArrowLeft');
    await boss.keyboard.press('Enter');
    await said(boss, 'pasó a En progreso');
    await isIn(agent, id, 'EP');
    await mayGo(boss, id, 'PE');
    holds('the focus went with it', await focused());
    await boss.keyboard.press('Enter');
    await boss.keyboard.press('ArrowRight');
    await boss.keyboard.press('ArrowRight');
    await boss.keyboard.press('Enter');
    await write(boss, 'El proveedor lo arregló.');
    await isIn(agent, id, 'RS');
    await until('it can be accepted', () => agent.locator(`${card(id)} .board-grip`).count());

    // By its menu.
    await mayGo(agent, id, 'CE');
    await agent.locator(`${card(id)} summary`).click();
    await agent.locator(`${card(id)} button[value=CE]`).click();
    await isIn(boss, id, 'CE');
    await isIn(agent, id, 'CE');
    await equalsReload(boss);
    await equalsReload(agent);
  }],

  ['a card that somebody else moved meanwhile goes back, and its person is told', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await at(boss, '/tickets/board');
    const id = await open(agent, 'Tarjeta de dos');
    await isIn(boss, id, 'AB');
    await boss.locator(`${card(id)} .board-grip`).focus();
    await boss.keyboard.press('Enter');
    const other = await boss.context().newPage();
    await other.goto(new URL(`/tickets/${id}`, boss.url()).href);
    await other.click('form[action$="/state"] button:text-is("Comenzar")');
    await until('it is in progress', () => other.locator('.ticket-marks', { hasText: 'En progreso' }).count());
    equal('what is held stays under the hand', await boss.locator(`#board-AB ${card(id)}`).count(), 1);
    for (let n = 0; n < 3; n += 1) await boss.keyboard.press('ArrowRight');
    await boss.keyboard.press('Enter');
    await write(boss, 'Resuelto.');
    await until('told', () => boss.locator('#toasts', { hasText: 'cambió mientras lo movía' }).count());
    await isIn(boss, id, 'EP');
    await equalsReload(boss);
  }, { allow: [/status of 409/] }],

  ['figures move while somebody looks at them, and lead to their tickets', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await at(boss, '/tickets/figures');
    const total = () => boss.locator('.figure dd').first().textContent().then(Number);
    const before = await total();
    holds('the demo has tickets', before > 0);
    await open(agent, 'Una más');
    await until('one more', async () => (await total()) === before + 1);
    await equalsReload(boss);
    await boss.locator('.chart-part a').first().click();
    await boss.waitForURL(/\/tickets\?/);
    holds('there they are', await boss.locator('.data-table .ticket-link').count());
  }],

  ['board and figures at both widths have nothing that axe complains of and nothing that sticks out', async t => {
    const page = await t.signIn('supervisor');
    for (const width of [1366, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ['/tickets/board', '/tickets/figures']) {
        await at(page, path);
        equal(`${path} at ${width}`, (await findings(page)).join('\n'), '');
        holds(`${path} fits ${width}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      }
    }
    const admin = await t.signIn('administrador');
    for (const width of [1366, 390]) {
      await admin.setViewportSize({ width, height: 844 });
      await at(admin, '/ticket-service');
      equal(`service at ${width}`, (await findings(admin)).join('\n'), '');
      holds(`service fits ${width}`, await admin.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
  }],
];
