// People around one ticket: who is named in it, who else is at it, who wrote it anew first, and when it is late.

import { execFileSync } from 'node:child_process';
import { findings } from '../lib/axe.mjs';
import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { freshDatabase, start } from '../lib/server.mjs';
import { equal, holds, until } from '../lib/wait.mjs';
import { watch } from '../lib/watch.mjs';

/** Opens a ticket as a person does; its address. */
async function open(page, title) {
  await page.goto(new URL('/tickets/new', page.url()).href);
  await page.fill('#f-title', title);
  await page.fill('#f-description', 'Desde las ocho, en todas las llamadas.');
  await page.selectOption('#f-application', 'VICIDIAL');
  await page.click('form[data-once] .actions [type=submit]');
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
  return page.url();
}

async function go(page, address) {
  await page.goto(address);
  await live(page);
}

const body = page => page.locator('.ticket-composer textarea');
const send = page => page.click('.ticket-composer .actions > [type=submit]');
const words = (page, selector) => page.locator(selector).first().textContent();

export default [
  ['who is named in a ticket is told, and comes to where', async t => {
    const [agent, boss, office] = await Promise.all(['asesor', 'supervisor', 'backoffice'].map(role => t.signIn(role)));
    const address = await open(agent, 'El marcador repite números');
    await chat.go(office, '/account');
    const { name } = await chat.person(office);
    await go(boss, address);
    await body(boss).pressSequentially(`Lo puede ver @${name.slice(0, 3)}`);
    await boss.locator('#mentions [role=option]:not([hidden])').first().waitFor();
    await boss.locator('#mentions [role=option]', { hasText: name }).click();
    await body(boss).pressSequentially('hoy mismo');
    await send(boss);
    await until('it is said', () => boss.locator('.entries .mention').count());
    const notice = office.locator('[data-toast]', { hasText: 'lo mencionó en el ticket' });
    await notice.locator('a').click();
    await office.waitForURL(url => url.href.startsWith(address));
    await until('their name is marked', () => office.locator('.entries .mention', { hasText: name }).count());
    await until('who follows it is seen by all', async () => (await words(agent, '.ticket .facts')).includes(name) || (await words(agent, '.entries')).includes(name));
    for (const page of [agent, boss]) await equalsReload(page, 4000);
    await go(office, `${address}/followers`);
    equal('who follows it', (await findings(office)).join('\n'), '');
  }],

  ['who is at a ticket, and who types what, is seen by whom it concerns', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    const address = await open(agent, 'La grabación se corta');
    const [hers, his] = await Promise.all([chat.person(agent), chat.person(boss)]);
    const lookers = page => page.locator('[data-looking]').innerText();
    const typing = page => page.locator('[data-typing]').innerText();
    await go(boss, address);
    await until('she sees who came', async () => (await lookers(agent)).includes(his.name));
    await until('who came sees her', async () => (await lookers(boss)).includes(hers.name));
    await boss.locator('.ticket-audience label', { hasText: 'Nota interna' }).click();
    await body(boss).pressSequentially('Entre nosotros');
    await boss.evaluate(() => document.dispatchEvent(new CustomEvent('crea:reset')));
    await agent.waitForTimeout(1000);          // whatever would come of a note
    equal('a note is typed in silence', await typing(agent), '');
    equal('and stays one when the page is drawn anew', await boss.locator('[name=note]:checked').inputValue(), '1');
    equal('with its words', await body(boss).inputValue(), 'Entre nosotros');
    await boss.locator('.ticket-audience label', { hasText: 'Respuesta' }).click();
    await boss.waitForTimeout(2200);           // a tab says every two seconds that somebody types
    await body(boss).pressSequentially(' y para usted');
    await until('an answer is seen coming', async () => (await typing(agent)).includes('está escribiendo'));
    await send(boss);
    await until('it is there', () => agent.locator('.entries', { hasText: 'y para usted' }).count());
    await until('nobody types any more', async () => (await typing(agent)) === '', 1000);
    equal('axe', (await findings(agent)).join('\n'), '');
    await equalsReload(agent, 4000);
    await boss.goto(new URL('/tickets', address).href);
    await until('she is alone again', async () => (await lookers(agent)) === '', 3000);
  }],

  ['two who write a ticket anew see each other, and nothing typed is lost', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    const address = await open(agent, 'No carga el libreto');
    await Promise.all([go(agent, `${address}/words`), go(boss, `${address}/words`)]);
    await agent.fill('#f-title', 'No carga el libreto nuevo');
    await boss.fill('#f-title', 'El libreto no carga');
    await boss.fill('#f-description', 'En todas las campañas.');
    await boss.click('.ticket-words [type=submit]');
    await boss.waitForURL(address);
    await agent.click('.ticket-words [type=submit]');
    await until('both are shown', () => agent.locator('.ticket-words [role=alert]').count());
    const cells = await agent.locator('.ticket-words td').allInnerTexts();
    equal('theirs and mine', cells.slice(0, 2).join(' | '), 'El libreto no carga | No carga el libreto nuevo');
    equal('what was typed', await agent.inputValue('#f-title'), 'No carga el libreto nuevo');
    equal('axe', (await findings(agent)).join('\n'), '');
    await agent.click('.ticket-words [type=submit]');
    await agent.waitForURL(address);
    await until('the other one sees it', async () => (await words(boss, 'h1')).includes('No carga el libreto nuevo'));
    await equalsReload(boss, 4000);
  }, { allow: [/status of 409/] }],

  ['a canned answer goes where the caret is, and what was typed stays', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    const address = await open(agent, 'Diadema sin sonido');
    await go(boss, new URL('/tickets/macros/new', address).href);
    const name = `Saludo ${Date.now()}`;
    await boss.fill('#f-name', name);
    await boss.fill('#f-body', 'Hola {solicitante}, revisamos {ticket}.');
    equal('its form', (await findings(boss)).join('\n'), '');
    await boss.click('.ticket-words [type=submit]');
    await boss.waitForURL(/\/tickets\/macros$/);
    equal('the list', (await findings(boss)).join('\n'), '');
    await go(boss, address);
    await body(boss).fill('Antes. Después.');
    await body(boss).evaluate(field => field.setSelectionRange(7, 7));
    await boss.click('.ticket-macros summary');
    await boss.locator('button[data-macro]', { hasText: name }).click();
    await until('it is there', async () => (await body(boss).inputValue()).includes('revisamos #'));
    const { name: hers } = await chat.person(agent);
    holds(await body(boss).inputValue(), new RegExp(`^Antes\\. Hola ${hers}, revisamos #\\d+\\.Después\\.$`).test(await body(boss).inputValue()));
  }],

  ['a ticket that is late rings in a background tab and is acknowledged in another', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const server = await start('demo', { DATABASE_URL: database.url, SECRET_KEY: 'a'.repeat(64) });
    t.after(() => server.stop());
    const at = { base: server.url, people: server.people };
    const agent = await t.signIn('asesor', at);
    const boss = await t.signIn('supervisor', { ...at, permissions: ['notifications'] });
    await boss.context().addInitScript(watch);
    await chat.go(boss, '/account/security');
    await boss.locator('[data-notices] [name=system]').check();
    await chat.go(boss, '/chat');
    const other = await boss.context().newPage();
    await other.goto(new URL('/alarms', boss.url()).href);
    const tabs = [boss, other];
    for (const tab of tabs) await live(tab);
    const cards = tab => tab.locator('#ringing [data-alarm]', { hasText: 'Se cayó la troncal' }).count();
    const everywhere = (what, count) => until(what, async () => (await Promise.all(tabs.map(cards))).every(n => n === count), 8000);
    for (const tab of tabs) await tab.evaluate(() => window.hide(true));
    const address = await open(agent, 'Se cayó la troncal');
    execFileSync('psql', [database.url, '-qc', `
      with late as (update alarm set due_at = now() where kind = 'ticket.breach' and subject_id = '${address.split('/').pop()}' returning id)
      update alarm_recipient r set due_at = now() + interval '1 second' from late where r.alarm_id = late.id`]);
    await everywhere('it rings in both', 1);
    const told = async () => (await Promise.all(tabs.map(tab => tab.evaluate(() => window.told)))).flat().filter(text => text.includes('Se cayó la troncal'));
    await until('the system tells it', async () => (await told()).length);
    for (const tab of tabs) await tab.evaluate(() => window.hide(false));
    await other.locator('#ringing [data-alarm]', { hasText: 'Se cayó la troncal' }).locator('.btn-primary').click();
    await everywhere('known in both', 0);
    equal('told once', (await told()).length, 1);
  }, { needs: ['TEST_POSTGRES_URL'] }],
];
