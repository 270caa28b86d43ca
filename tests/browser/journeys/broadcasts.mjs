// Mass messages: a critical one to the floor, and how far it gets.

import * as chat from '../lib/chat.mjs';
import { me } from '../lib/browser.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { start } from '../lib/server.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** People of the demo with the role who can sign in, as one does it: those of a role share a password. */
async function colleagues(admin, role, server) {
  const found = await admin.evaluate(async role => {
    const all = [];
    for (let url = `/people?role=${role}&state=active`; url;) {
      const page = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
      all.push(...[...page.querySelectorAll('#main')].flatMap(main => main.innerHTML.match(/[a-z.]+@crea\.example/g) ?? []));
      url = page.querySelector('[rel=next]')?.getAttribute('href');
    }
    return [...new Set(all)];
  }, role);
  return found.map(email => ({ ...server.people[role], email }));
}

/** Writes, reviews and sends; the id of what went out and how many it went to. */
async function send(page, text, importance = 'critical') {
  await chat.go(page, '/broadcasts/new');
  await page.fill('#f-body', text);
  await page.locator(`[name=importance][value=${importance}]`).check({ force: true });
  await until('the number is there', () => page.locator('.mass-preview summary').count());
  await page.click('[name=step][value=review]');
  const button = page.locator('[name=step][value=send]');
  const people = Number((await button.innerText()).match(/\d+/)[0]);
  await button.click();
  await page.waitForURL(/\/broadcasts\/[0-9a-f-]{36}$/);
  return { id: page.url().split('/').pop(), people };
}

const card = (page, id) => page.locator(`#crit-${id}`);
const figure = async (page, what) => Number((await page.locator(`#roll-call .roll-figure[data-receipt="${what}"]`).innerText()).match(/\d+/)[0]);

export default [
  ['a critical message reaches the floor and the roll-call moves as they confirm', async t => {
    const server = await start('demo');       // it would lie on everyone's screen in the other journeys
    t.after(() => server.stop());
    const signIn = (role, person = server.people[role]) => t.signIn(role, { base: server.url, people: { [role]: person } });
    const admin = await signIn('administrador'), boss = await signIn('supervisor');
    const agents = await colleagues(admin, 'asesor', server);
    const wanted = agents.length + (await colleagues(admin, 'backoffice', server)).length;
    holds(`the floor is there (${wanted})`, wanted >= 42);
    await admin.goto(`${server.url}/people/${await me(boss)}`);
    for (const box of await admin.locator('[name=campaign]').all()) await box.check();
    await admin.locator('form:has([name=campaign]) [type=submit]').click();
    await admin.waitForURL(/done=/);
    const early = [];
    for (const person of agents.slice(0, 3)) early.push(await signIn('asesor', person));
    const second = await early[0].context().newPage();
    await second.goto(new URL('/account', early[0].url()).href);

    await chat.go(boss, '/broadcasts/new');
    for (const box of await boss.locator('[name=campaign]').all()) await box.check();
    await boss.check('[name=role][value=backoffice]');
    await boss.fill('#f-body', 'Evacúen el piso por la escalera norte, con calma.');
    await boss.locator('[name=importance][value=critical]').check({ force: true });
    await until('it says to how many', async () => (await boss.locator('.mass-preview').innerText()).includes(`${wanted} usuarios`));
    await boss.click('[name=step][value=review]');
    await boss.locator('[name=step][value=send]', { hasText: `${wanted}` }).click();
    await boss.waitForURL(/\/broadcasts\/[0-9a-f-]{36}$/);
    const id = boss.url().split('/').pop();
    await boss.evaluate(() => { window.sameDocument = true; });

    for (const page of early) await card(page, id).waitFor({ state: 'visible', timeout: 3000 });
    await until('three screens have it', async () => await figure(boss, 'received') === 3);
    for (const [n, page] of early.entries()) {
      await card(page, id).locator('form[action$=confirm] button').click();
      await card(page, id).waitFor({ state: 'detached' });
      await until(`${n + 1} confirmed`, async () => await figure(boss, 'confirmed') === n + 1);
    }
    await card(second, id).waitFor({ state: 'detached' });
    equal('no one else has', await boss.locator('nav.tabs a', { hasText: 'Sin entregar' }).locator('.num').innerText(), String(wanted - 3));
    holds('no document was loaded', await boss.evaluate(() => window.sameDocument));

    const late = await signIn('asesor', agents[3]);
    await card(late, id).waitFor({ state: 'visible' });
    await until('it has reached the fourth', async () => await figure(boss, 'received') === 4);
    await card(late, id).locator('form[action$=reply] button').click();
    await late.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
    holds('the answer is between two', !late.url().includes(id) && await late.locator('form[data-composer] textarea').count() === 1);
    await card(late, id).waitFor({ state: 'visible' });
    for (const page of [boss, second, ...early, late]) await equalsReload(page);
    await card(late, id).locator('form[action$=confirm] button').click();
    await until('the fourth confirmed', async () => await figure(boss, 'confirmed') === 4);
    await equalsReload(boss);
  }],

  ['a recipient sees no other one, no roll-call, and cannot write into a mass message', async t => {
    const boss = await t.signIn('supervisor'), agent = await t.signIn('asesor');
    await chat.go(agent, '/chat?kind=broadcast');
    const { id, people } = await send(boss, chat.unique('Hay base nueva'), 'important');
    holds(`it went to the campaign (${people})`, people > 10);
    await agent.locator(`#c-${id} a`).first().click();
    await agent.locator('.mass-alone').waitFor();
    await until('it is read', async () => await figure(boss, 'read') === 1);
    const answers = await agent.evaluate(async ([id, message]) => {
      const status = async (path, fields) => (await fetch(path, fields ? { method: 'POST', body: new URLSearchParams(fields) } : {})).status;
      return [
        await status(`/broadcasts/${id}`), await status(`/broadcasts/${id}/export`), await status(`/broadcasts/${id}/remind`, {}),
        await status(`/chat/${id}/messages`, { id: message, body: 'Hola a todos' }),
      ].join();
    }, [id, crypto.randomUUID()]);
    equal('what is refused', answers, '403,403,403,422');
    holds('there is no composer', await agent.locator('form[data-composer]').count() === 0);
    holds('the sender has no copy', await boss.evaluate(async id => (await fetch(`/chat/${id}`)).status, id) === 404);
    holds('nobody else stands in it', !(await agent.locator('#main .chat-main').innerHTML()).includes('data-receipt'));
    equal('the sender is not counted', await boss.locator(`#d-${id}`).count(), 0);
    holds('the agent is who the roll-call says', await me(agent) !== await me(boss));
    await equalsReload(agent);
    await equalsReload(boss);
  }, { allow: [/status of (403|404|422)/] }],

  ['what is refused stays in the form, at its address', async t => {
    const boss = await t.signIn('supervisor');
    await chat.go(boss, '/broadcasts/new');
    await boss.fill('#f-body', 'No va a nadie');
    for (const box of await boss.locator('[name=role]').all()) await box.uncheck();
    await boss.click('[name=step][value=review]');
    await boss.locator('#audience-error').waitFor();
    equal('the text is there', await boss.inputValue('#f-body'), 'No va a nadie');
    equal('the address is that of the form', new URL(boss.url()).pathname, '/broadcasts/new');
    await chat.go(boss, '/chat?kind=broadcast');
    await boss.locator('.chat-make a', { hasText: 'Mensaje masivo' }).click();
    await boss.waitForURL(/\/broadcasts\/new$/);
  }, { allow: [/status of 422/] }],
];
