// The list of tickets: looked through, ticked, changed, kept under a name, walked with the keyboard.

import { findings } from '../lib/axe.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const rows = page => page.locator('.data-table tbody tr');
const ticks = page => page.locator('.ticket-tick:checked');
const word = `Zarigüeya${Date.now()}`;

/** Opens one as the person does who is signed in here; its id. */
async function open(page, title) {
  await page.goto(new URL('/tickets/new', page.url()).href);
  await page.fill('#f-title', title);
  await page.fill('#f-description', 'Desde las ocho.');
  await page.click('form[data-once] .actions [type=submit]');
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
  return page.url().split('/').pop();
}

export default [
  ['a supervisor looks for tickets, ticks them and changes them at once while others work', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    const [first, second] = [await open(agent, `${word} uno`), await open(agent, `${word} dos`)];
    await boss.goto(new URL('/tickets', boss.url()).href);
    await boss.fill('#filter-q', word.toLowerCase().replace('ü', 'u'));
    await until('both are found while typing', async () => (await rows(boss).count()) === 2);
    holds('the address keeps it', boss.url().includes('q=zarigueya'));
    await boss.locator('.filter-many summary').first().click();
    await boss.locator('.filter-many input[value=AB]').check();
    await until('the state is a chip', () => boss.locator('.chip', { hasText: 'Abierto' }).count());
    const marked = () => boss.evaluate(() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString()));
    equal('what was looked for is marked in both', (await marked()).join(), [word, word].join());
    holds('the spreadsheet is of the same', (await boss.getAttribute('#ticket-export', 'href')).includes('status=AB'));
    await boss.keyboard.press('Escape');

    await boss.check(`#ticket-${first} .ticket-tick`);
    await boss.check(`#ticket-${second} .ticket-tick`);
    await agent.click('.ticket-more > summary');
    await agent.locator('summary', { hasText: 'Clasificar' }).click();
    await agent.selectOption('select[name=priority]', 'AL');
    await agent.click('form[action$="/class"] button[type=submit]');
    await until('the change reaches the row', () => boss.locator(`#ticket-${second}`, { hasText: 'Alta' }).count());
    equal('and both stay ticked', await ticks(boss).count(), 2);
    equal('and marked', (await marked()).length, 2);

    holds('how many are ticked is seen', (await boss.locator('.bulk-count').evaluate(el => getComputedStyle(el, '::before').content)).includes('counter'));
    await boss.click('.bulk button[value=priority]');
    await until('nothing is chosen beforehand', () => boss.locator('#ticket-results .field-error').count());
    equal('and both are still ticked', await ticks(boss).count(), 2);
    await boss.selectOption('.bulk select[name=priority]', 'CR');
    await boss.click('.bulk button[value=priority]');
    await until('each has an outcome', async () => (await boss.locator('#ticket-results [data-outcome=success]').count()) === 2);
    await until('both rows show it', async () => (await boss.locator('.data-table tr', { hasText: 'Crítica' }).count()) === 2);
    equal('nothing is ticked any more', await ticks(boss).count(), 0);

    await boss.locator('.kept summary').click();
    await boss.fill('.kept-form [name=name]', 'Zarigüeyas');
    await boss.click('.kept-form [type=submit]');
    await until('it is kept', () => boss.locator('.kept-views [aria-current=page]', { hasText: 'Zarigüeyas' }).count());
    equal('of the same rows', await rows(boss).count(), 2);
    await equalsReload(boss);
  }, { allow: [/status of 422/] }],

  ['the list of tickets is walked and worked with the keyboard', async t => {
    const page = await t.signIn('supervisor');
    await page.goto(new URL('/tickets?filtro=todos', page.url()).href);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const at = () => page.evaluate(() => [...document.querySelectorAll('.data-table .ticket-link')].indexOf(document.activeElement));
    equal('the second has the focus', await at(), 1);
    await page.keyboard.press('k');
    equal('the first again', await at(), 0);
    await page.keyboard.press('x');
    equal('ticked', await ticks(page).count(), 1);
    await page.keyboard.press('a');
    equal('to whom', await page.evaluate(() => document.activeElement.name), 'assignee');
    await page.click('[data-tick-none]');
    await page.fill('#filter-q', 'jjj');
    equal('keys are letters in a field', await page.inputValue('#filter-q'), 'jjj');
    await page.goto(new URL('/tickets', page.url()).href);
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
    await until('the answer has the focus', () => page.evaluate(() => document.activeElement?.matches('form[action$="/comments"] textarea')));
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('s');
    holds('the states have it', await page.evaluate(() => Boolean(document.activeElement?.closest('.ticket-step'))));
  }],

  ['filters of the list of tickets stand behind one button on a phone, which stays open while others work', async t => {
    const [agent, page] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await page.goto(new URL('/tickets?filtro=todos&status=AB&priority=AL&q=cartera', page.url()).href);
    const fold = page.locator('#filter-fold'), behind = page.locator('#filter-requester');
    const rare = page.locator('#filter-rare');
    holds('wide: what is often used is there', (await page.locator('#filter-assignee').isVisible()) && !(await fold.isVisible()));
    holds('the rest is behind a button', (await rare.textContent()).trim() === 'Más filtros' && !(await behind.isVisible()));
    await rare.locator('summary').focus();
    await page.keyboard.press('Enter');
    await behind.waitFor();
    await page.selectOption('#filter-kind', 'IN');
    await until('it tells how many', async () => (await rare.textContent()).trim() === 'Más filtros (1)');
    await page.selectOption('#filter-kind', '');
    await until('and that there is none', async () => (await rare.textContent()).trim() === 'Más filtros');
    await page.evaluate(() => { document.activeElement.blur(); document.getElementById('tickets').setAttribute('data-drawn-before', ''); });
    await open(agent, 'Uno más');
    await until('the list is drawn anew beside it', () => page.evaluate(() => !document.getElementById('tickets').hasAttribute('data-drawn-before')));
    holds('and it stays open', await behind.isVisible());
    await rare.locator('summary').click();
    await page.setViewportSize({ width: 390, height: 844 });
    holds('narrow: the search alone', (await page.locator('#filter-q').isVisible()) && !(await behind.isVisible()));
    equal('how many are in force', (await fold.textContent()).trim(), 'Filtros (2)');
    await fold.locator('summary').focus();
    await page.keyboard.press('Enter');
    await behind.waitFor();
    await page.locator('.filter-many summary').first().click();
    await page.locator('.filter-many input[value=EP]').check();
    await until('another is in force', async () => (await fold.textContent()).trim() === 'Filtros (3)');
    holds('and it is open', await behind.isVisible());
    await page.keyboard.press('Escape');
    equal('what was looked for is there', await page.inputValue('#filter-q'), 'cartera');
    await page.evaluate(() => document.activeElement.blur());
    await page.evaluate(() => document.getElementById('tickets').setAttribute('data-drawn-before', ''));
    await open(agent, 'Otro');
    await until('the list is drawn anew', () => page.evaluate(() => !document.getElementById('tickets').hasAttribute('data-drawn-before')));
    holds('and the filters stay unfolded', await behind.isVisible());
    holds('it fits', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }],

  ['the list of tickets with everything open has nothing that axe complains of and fits 390 px', async t => {
    const page = await t.signIn('supervisor');
    await page.goto(new URL('/tickets?filtro=todos&status=AB&status=CE&q=cartera', page.url()).href);
    equal('wide', (await findings(page)).join('\n'), '');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(new URL('/tickets?filtro=todos&columns=ticket&columns=status', page.url()).href);
    await page.locator('.ticket-tick').first().check();
    await page.locator('.kept summary').click();
    equal('narrow', (await findings(page)).join('\n'), '');
    holds('it fits', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }],
];
