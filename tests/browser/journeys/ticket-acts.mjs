// What one may do with a ticket: one or two buttons, and a menu that stays open while others work.

import { findings } from '../lib/axe.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const menu = page => page.locator('details.ticket-more');
const isOpen = page => menu(page).evaluate(el => el.open);
const focused = page => page.evaluate(() => document.activeElement.textContent.trim());

/** Opens a ticket as the person who is signed in here; its address. */
async function open(page) {
  await page.goto(new URL('/tickets/new', page.url()).href);
  await page.fill('#f-title', 'La diadema no suena');
  await page.fill('#f-description', 'Ni por un lado ni por el otro.');
  await page.click('form[data-once] .actions [type=submit]');
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
  return page.url();
}

export default [
  ['the menu of a ticket is walked with the arrows and stays open while somebody else works', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await boss.goto(await open(agent));
    holds('few buttons stand beside it', (await boss.locator('.ticket-acts > *').count()) <= 3);
    await menu(boss).locator('> summary').focus();
    await boss.keyboard.press('Enter');
    await until('it is open', () => isOpen(boss));
    await boss.keyboard.press('ArrowDown');
    const first = await focused(boss);
    await boss.keyboard.press('ArrowDown');
    holds('the arrows walk', first !== await focused(boss));
    await boss.keyboard.press('Home');
    equal('to the first', await focused(boss), first);

    // What is typed in it stays while the agent changes the ticket.
    await boss.locator('.ticket-more summary', { hasText: 'Descartar' }).click();
    await boss.fill('#f-reason-CE', 'Ya suena');
    await agent.click('.ticket-more > summary');
    await agent.locator('summary', { hasText: 'Clasificar' }).click();
    await agent.selectOption('select[name=priority]', 'AL');
    await agent.click('form[action$="/class"] button[type=submit]');
    await until('the change is told', () => boss.locator('.ticket-marks', { hasText: 'Alta' }).count());
    holds('the menu is open', await isOpen(boss));
    equal('with what was typed', await boss.inputValue('#f-reason-CE'), 'Ya suena');

    await boss.keyboard.press('Escape');
    await until('Escape closes it', async () => !(await isOpen(boss)));
    holds('and leads back to its button', await boss.evaluate(() => document.activeElement.matches('.ticket-more > summary')));
    await until('then it is that of the changed ticket', () => boss.locator('[data-changed-pill]:visible').count().then(n => n === 0));
    equal('what was typed is in it still', await boss.inputValue('#f-reason-CE'), 'Ya suena');
    await menu(boss).locator('> summary').click();
    await boss.locator('.ticket-more summary', { hasText: 'Descartar' }).click();
    await boss.keyboard.press('Escape');
    await equalsReload(boss);
  }],

  ['what one may do with a ticket stands above what was said at 390 px, and the open menu fits', async t => {
    const page = await t.signIn('supervisor');
    await page.goto(new URL('/tickets', page.url()).href);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.click('.ticket-link');
    await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
    const top = selector => page.locator(selector).first().evaluate(el => el.getBoundingClientRect().top);
    holds('before the description', (await top('.ticket-acts')) < (await top('.ticket-description')));
    await menu(page).locator('> summary').click();
    await page.locator('.ticket-more summary', { hasText: 'Clasificar' }).click();
    equal('axe', (await findings(page)).join('\n'), '');
    holds('it fits', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }],
];
