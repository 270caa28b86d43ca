// Tickets: opened by an agent, answered by staff, and both see it at once.

import { findings } from '../lib/axe.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
const title = 'El marcador no deja colgar';

/** Opens one as a person does; its address. */
async function open(page, base) {
  await page.goto(new URL('/tickets', base).href);
  await page.click('a[href="/tickets/new"]');
  await page.waitForURL(/\/tickets\/new$/);
  await page.fill('#f-title', title);
  await page.fill('#f-description', 'Desde las ocho, en todas las llamadas.');
  await page.selectOption('#f-application', 'VICIDIAL');
  await page.selectOption('#f-priority', 'AL');
  const files = ['uno', 'dos', 'tres'].map(name => ({ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(pdf) }));
  await page.setInputFiles('form[data-once] input[type=file]', files);
  await until('all three are there', async () => (await page.locator('form[data-once] [data-file]').count()) === 3);
  await page.click('form[data-once] .actions [type=submit]');
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
  return page.url();
}

const row = page => page.locator('.data-table tr', { hasText: title });
const said = (page, words) => page.locator('.entries', { hasText: words }).count();

export default [
  ['a ticket appears for the supervisor, is answered and resolved, and is opened again', async t => {
    const [agent, boss] = await Promise.all([t.signIn('asesor'), t.signIn('supervisor')]);
    await boss.goto(new URL('/tickets', boss.url()).href);
    equal('no such ticket yet', await row(boss).count(), 0);
    const address = await open(agent, agent.url());
    await until('it is in the list, without a reload', () => row(boss).count());
    await row(boss).locator('a').first().click();
    await boss.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);

    equal('its files are there', await boss.locator('.entries .file-chip').count(), 3);

    // What is typed stays while others write.
    await agent.fill('#f-body', 'Se me olvidaba:');
    await boss.fill('#f-body', 'Ya lo miro con el proveedor.');
    await boss.click('form[action$="/comments"] .actions > [type=submit]');
    await until('the agent reads it', () => said(agent, 'Ya lo miro con el proveedor.'));
    await until('and so does who wrote it, ready for more', async () => (await said(boss, 'Ya lo miro con el proveedor.')) && (await boss.inputValue('#f-body')) === '');
    equal('and still has what was typed', await agent.inputValue('#f-body'), 'Se me olvidaba:');
    await boss.locator('.ticket-audience label', { hasText: 'Nota interna' }).click();
    await boss.fill('#f-body', 'El contrato vence el viernes');
    await boss.click('form[action$="/comments"] .actions > [type=submit]');
    await until('the note is there', () => said(boss, 'El contrato vence el viernes'));

    await boss.click('form[action$="/state"] button:text-is("Comenzar")');
    await until('it is in progress for the agent', () => agent.locator('.ticket-marks', { hasText: 'En progreso' }).count());
    await until('and its next steps are there', () => boss.locator('form[action$="/state"] summary', { hasText: 'Esperar a un tercero' }).count());
    await boss.locator('form[action$="/state"] summary', { hasText: 'Resolver' }).click();
    await boss.fill('#f-reason-RS', 'El proveedor reinició la troncal.');
    await boss.locator('form:has(#f-reason-RS) button[type=submit]').click();
    await until('the agent sees how', () => said(agent, 'El proveedor reinició la troncal.'));
    equal('the note was for staff', await said(agent, 'El contrato vence el viernes'), 0);

    const again = agent.locator('form[action$="/state"] summary', { hasText: 'Reabrir' });
    await until('it can be opened again', () => again.count());
    await again.click();
    await agent.fill('#f-reason-AB', 'Volvió a pasar.');
    await agent.locator('form:has(#f-reason-AB) button[type=submit]').click();
    await until('staff sees that', () => said(boss, 'Volvió a pasar.'));
    await equalsReload(boss);
    equal('one address for both', new URL(boss.url()).pathname, new URL(address).pathname);
  }],

  ['tickets at 390 px have nothing that axe complains of and nothing that sticks out', async t => {
    const page = await t.signIn('supervisor');
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/tickets', '/tickets/new']) {
      await page.goto(new URL(path, page.url()).href);
      equal(path, (await findings(page)).join('\n'), '');
      holds(`${path} fits`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
    await page.goto(new URL('/tickets?filtro=cerrados', page.url()).href);
    await page.click('.ticket-link');
    await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/);
    equal('a ticket', (await findings(page)).join('\n'), '');
    holds('a ticket fits', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }],
];
