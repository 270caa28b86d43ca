// Finding a message again, and reading on from it.

import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const inView = (page, selector) => page.evaluate(selector => {
  const el = document.querySelector(selector), scroller = document.querySelector('[data-scroller]');
  if (!el || !scroller) return false;
  const [inner, outer] = [el.getBoundingClientRect(), scroller.getBoundingClientRect()];
  return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
}, selector);
const numbers = page => page.evaluate(() => [...document.querySelectorAll('.msgs [data-sort][id^="msg-"]')].map(el => Number(el.dataset.sort)));
const running = list => list.every((number, at) => at === 0 || number === list[at - 1] + 1);

export default [
  ['search finds a month-old message and shows it in place', async t => {
    const agent = await t.signIn('asesor');
    await chat.go(agent, '/chat');
    await agent.locator('main input[name=q]').fill('vicidial');
    await agent.keyboard.press('Enter');
    await agent.waitForURL(/\/chat\/search/);
    await agent.locator('#find').fill('esperando');
    await until('nothing is found', () => agent.locator('#hits .nothing').count());
    await agent.locator('#find').fill('VICIDIAL sígue');
    await until('messages are found while typing', async () => await agent.locator('#hits[data-query="VICIDIAL sígue"] a.hit').count() > 0);
    holds('the address says what is looked for', decodeURIComponent(agent.url()).includes('VICIDIAL'));
    holds('what matches is marked', (await agent.locator('#hits mark').first().innerText()).length > 0);

    // The oldest one of the longest conversation.
    const hits = await agent.evaluate(() => [...document.querySelectorAll('a.hit')].map(a => ({ href: a.href, number: Number(new URL(a.href).searchParams.get('at')), at: a.querySelector('time').dateTime })));
    const old = hits.filter(hit => Date.now() - Date.parse(hit.at) > 20 * 86400000);
    holds(`something is weeks old: ${JSON.stringify(hits)}`, old.length > 0);
    const { href, number } = old.reduce((one, other) => (one.at < other.at ? one : other));
    await agent.locator(`a.hit[href="${new URL(href).pathname}${new URL(href).search}"]`).click();
    await agent.locator('.msg[data-found]').waitFor();
    equal('it is the message', await agent.locator('.msg[data-found]').getAttribute('data-sort'), String(number));
    await until('it is in view', () => inView(agent, '.msg[data-found]'));
    holds('those around it are there', running(await numbers(agent)));
  }],

  ['a stretch further up is passed by pushes and leads to the end both ways', async t => {
    const agent = await t.signIn('asesor'), boss = await t.signIn('supervisor');
    await chat.go(agent, '/chat');
    const links = await agent.evaluate(() => [...document.querySelectorAll('#conversations a[href^="/chat/"]')].map(a => a.pathname));
    let long;
    for (const path of links) {
      await chat.go(agent, path);
      if (await agent.locator('[id^="older-"] a').count()) { long = path; break; }
    }
    holds('the demo has a conversation that is longer than a page', long);
    const last = (await numbers(agent)).at(-1), at = last - 120, id = long.split('/').pop();
    await chat.go(agent, `${long}?at=${at}`);
    await until('the message is in view', () => inView(agent, `.msg[data-sort="${at}"]`));
    equal('it is the list of a stretch', await agent.locator(`#mw-${id}`).count(), 1);
    await equalsReload(agent);
    await chat.go(boss, long);
    const isTheirs = await boss.locator(`#m-${id}`).count() > 0;
    const text = chat.unique('Recién escrito');
    if (isTheirs) {
      await chat.write(boss, text);
      await until('the link to the end counts it', async () => /1/.test(await agent.locator('[data-end-count]').innerText()), 3000);
      equal('no push enters', (await agent.locator(`#mw-${id}`).innerText()).includes(text), false);
      await equalsReload(agent);
    }
    // Reading on downwards comes to the live end; every message once.
    for (let n = 0; n < 12 && await agent.locator(`#mw-${id}`).count(); n++) {
      const had = await agent.locator('.msgs .msg').count();
      await agent.evaluate(() => { const el = document.querySelector('[data-scroller]'); el.scrollTop = el.scrollHeight; });
      await until('more came', async () => await agent.locator(`#m-${id}`).count() || await agent.locator('.msgs .msg').count() > had);
      holds('without gaps', running(await numbers(agent)));
    }
    equal('the end is live', await agent.locator(`#m-${id}`).count(), 1);
    await until('the address is that of the end', () => new URL(agent.url()).search === '');
    if (isTheirs) await chat.arrived(agent, text);
    await chat.go(agent, `${long}?at=${at}`);
    await agent.locator('[data-end-pill]').click();
    await agent.locator(`#m-${id}`).waitFor();
    await until('it is at its end', () => agent.locator('[data-scroller]').evaluate(el => el.scrollHeight - el.scrollTop - el.clientHeight < 4));
  }],

  ['a line stands above what is new on opening, until the next load', async t => {
    const agent = await t.signIn('asesor', { viewport: { width: 1366, height: 500 } }), boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, `/chat/${id}`);
    await until('all is read', async () => await chat.count(agent, `du-${id}`) === 0);
    await chat.go(agent, '/');
    const first = chat.unique('La primera');
    await chat.write(boss, first);
    await chat.arrived(boss, first);
    for (let n = 0; n < 4; n++) await chat.write(boss, chat.unique('Una línea\ny otra\ny otra'));
    await until('they are counted', async () => await chat.count(agent, `du-${id}`) === 5);
    await agent.evaluate(id => document.querySelector(`#d-${id} a`).click(), id);
    const line = agent.locator('[data-divider]');
    await line.waitFor();
    const above = () => line.evaluate(el => el.nextElementSibling.querySelector('[data-body]').textContent.trim());
    equal('it stands above the first', await above(), first);
    await until('it is in view', () => inView(agent, '[data-divider]'));
    const more = chat.unique('Otra más');
    await chat.write(boss, more);
    await chat.arrived(agent, more);
    equal('it stays there', await above(), first);
    await agent.evaluate(() => { const el = document.querySelector('[data-scroller]'); el.scrollTop = el.scrollHeight; });
    await until('all is read', async () => await chat.count(agent, `du-${id}`) === 0);
    equal('one line', await line.count(), 1);
    await agent.reload();
    await chat.arrived(agent, more);
    equal('it is gone', await line.count(), 0);
  }],

  ['who watches for long keeps the last hundred, and the others can be loaded', async t => {
    const agent = await t.signIn('asesor');
    await chat.go(agent, '/chat');
    const path = await agent.evaluate(() => document.querySelector('#conversations a[href^="/chat/"]').pathname);
    await chat.go(agent, path);
    const kept = await agent.evaluate(async () => {
      const list = document.querySelector('.msgs'), one = list.lastElementChild, first = Number(one.dataset.sort);
      const rows = Array.from({ length: 160 }, (_, n) => {
        const row = one.cloneNode(true);
        row.id = `msg-x${n}`;
        row.dataset.sort = first + n + 1;
        return row.outerHTML;
      });
      const text = `<hx-partial hx-target="#${list.id}" hx-swap="place">${rows.join('')}</hx-partial>`;
      await htmx.swap({ sourceElement: document.getElementById('live'), target: document.body, swap: 'none', text });
      const link = document.querySelector('[id^="older-"] a');
      return { rows: list.querySelectorAll('.msg').length, first: list.firstElementChild.dataset.sort, link: link?.getAttribute('hx-get') };
    });
    equal('the last hundred stay', kept.rows, 100);
    holds(`the control goes on above them: ${kept.link}`, kept.link?.includes(`before=${kept.first}`));
  }],
];
