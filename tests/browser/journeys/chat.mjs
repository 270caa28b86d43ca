// Two people write to each other.

import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

/** An agent on the start page, somebody who writes to them (few messages a minute are allowed), and their conversation. */
async function pair(t, { by = 'supervisor', ...options } = {}) {
  const agent = await t.signIn('asesor', options);
  const boss = await t.signIn(by);
  const id = await chat.open(boss, await chat.person(agent));
  return { agent, boss, id };
}

// What runs once per rung of the live ladder is marked so; see rungs.mjs.
export default [
  ['a person signs in and is at home', async t => {
    const page = await t.signIn('asesor');
    equal('the page says that it is live', await page.evaluate(() => document.documentElement.dataset.live), 'on');
    holds('there is a heading', await page.locator('main h1').count() > 0);
  }],

  ['a message is seen within a second, with its badge and without a reload', async t => {
    const { agent, boss, id } = await pair(t);
    const before = await chat.count(agent, 'unread-total');
    await agent.evaluate(() => { window.sameDocument = true; });
    const text = chat.unique('Buenos días');
    const sent = Date.now();
    await chat.write(boss, text);
    await until('the badge counts it', async () => await chat.count(agent, 'unread-total') === before + 1, t.soon(1000));
    await until('the dock shows it', () => agent.locator(`#d-${id}`, { hasText: text }).count(), t.soon(1000));
    holds(`it took ${Date.now() - sent} ms`, Date.now() - sent < t.soon(1500));
    await agent.evaluate(id => document.querySelector(`#d-${id} a`).click(), id);
    await chat.arrived(agent, text);
    const answer = chat.unique('Buenas');
    await chat.write(agent, answer);
    await chat.arrived(agent, answer);
    await chat.arrived(boss, answer, t.soon(1500));
    holds('no document was loaded', await agent.evaluate(() => window.sameDocument));
    const open = page => page.evaluate(() => [...document.querySelectorAll('.conv-link[aria-current="page"]')].map(a => a.closest('li').id).sort().join());
    equal('its rows alone are marked as open', await open(agent), `c-${id},d-${id}`);
    await agent.evaluate(() => document.querySelector('a[data-nav=home]').click());
    await agent.waitForURL(url => url.pathname === '/');
    await until('nothing is marked any more', async () => await open(agent) === '');
    await agent.goBack();
    await chat.arrived(agent, answer);
    await until('back, it is marked again', async () => await open(agent) === `c-${id},d-${id}`);
    await equalsReload(agent, t.soon(2000));
    await equalsReload(boss, t.soon(2000));
  }, { everyRung: true }],

  ['reading in one tab clears the badge in the other', async t => {
    const { agent, boss, id } = await pair(t);
    const other = await agent.context().newPage();
    await other.goto(new URL('/account', agent.url()).href);
    await chat.write(boss, chat.unique('¿Me lee?'));
    await until('the other tab counts it', async () => await chat.count(other, `du-${id}`) > 0, t.soon(3000));
    const total = await chat.count(other, 'unread-total'), mine = await chat.count(other, `du-${id}`);
    holds('the title counts too', /^\(\d+\+?\) /.test(await other.title()));
    await agent.bringToFront();
    await chat.go(agent, `/chat/${id}`);
    await until('the other tab’s badges go down', async () =>
      await chat.count(other, `du-${id}`) === 0 && await chat.count(other, 'unread-total') === total - mine, t.soon(2000));
  }, { everyRung: true }],

  ['what a push brings glows once, unless motion is unwanted', async t => {
    const { agent, boss, id } = await pair(t, { by: 'backoffice' });
    const still = await t.signIn('asesor', { reducedMotion: 'reduce' });
    const glowing = page => page.evaluate(id => [`d-${id}`, `du-${id}`, 'unread-total'].filter(id => document.getElementById(id).getAnimations().length).length, id);
    equal('nothing glows at rest', await glowing(agent), 0);
    const text = chat.unique('Brilla');
    await chat.write(boss, text);
    await until('row and counters glow', async () => await glowing(agent) === 3, 1000);
    await until('the other page has it', () => still.locator(`#d-${id}`, { hasText: text }).count());
    equal('the still page does not', await glowing(still), 0);
    await until('it is over', async () => await glowing(agent) === 0, 2000);
  }],

  ['a full list drops its last row, but not from under the focus', async t => {
    const page = await t.signIn('asesor');
    const most = await page.evaluate(() => Number(document.querySelector('#dock-conversations').dataset.max));
    const push = (first, count) => page.evaluate(async ([first, count]) => {
      const rows = Array.from({ length: count }, (_, n) => `<li class="conv" id="row-${first - n}" data-sort="${first - n}"><a class="conv-link" href="/chat">${first - n}</a></li>`);
      const text = `<hx-partial hx-target="#dock-conversations" hx-swap="place">${rows.join('')}</hx-partial>`;
      await htmx.swap({ sourceElement: document.getElementById('live'), target: document.body, swap: 'none', text });
      const list = document.getElementById('dock-conversations');
      return { rows: list.children.length, last: list.lastElementChild.id, focus: document.activeElement.closest('li')?.id };
    }, [first, count]);
    const full = await push(1000, most);
    equal('the list is full', full.rows, most);
    await page.locator(`#${full.last} a`).focus();
    const held = await push(500, 2);
    equal('the row with the focus stays', `${held.last} ${held.focus}`, `${full.last} ${full.last}`);
    await page.locator('#dock-conversations li:first-child a').focus();
    const after = await push(400, 1);
    equal('the list is as long as it may be', after.rows, most);
    equal('the focus is where it was', after.focus, 'row-499');
  }],

  ['what is being typed survives pushes', async t => {
    const { agent, boss, id } = await pair(t, { by: 'administrador' });
    await chat.go(agent, `/chat/${id}`);
    const field = agent.locator('form[data-composer] textarea');
    const draft = 'Una respuesta larga que se escribe con calma';
    await field.fill('');                      // the draft of another rung
    await field.focus();
    let last;
    for (const [n, letter] of [...draft].entries()) {
      await agent.keyboard.type(letter);
      if (n % 8 === 0) await chat.write(boss, last = chat.unique(`Aviso ${n}`));
    }
    await chat.arrived(agent, last);
    equal('the text is whole', await field.inputValue(), draft);
    holds('the field has the focus', await field.evaluate(el => el === document.activeElement));
    equal('the caret is at the end', await field.evaluate(el => el.selectionStart), draft.length);
    await agent.reload();
    equal('it outlives a reload', await field.inputValue(), draft);
  }, { everyRung: true }],

  ['a burst shows at once and keeps its order', async t => {
    const { agent, boss, id } = await pair(t);
    await chat.go(agent, `/chat/${id}`);
    await agent.route('**/messages', async route => {              // a slow line
      await new Promise(done => setTimeout(done, 150));
      await route.continue();
    });
    const texts = [0, 1, 2].map(n => chat.unique(`Ráfaga ${n}`));
    for (const text of texts) await chat.write(agent, text);
    equal('they are shown before they are sent', (await chat.bodies(agent)).slice(-3).join(), texts.join());
    holds('the last one is on its way', await agent.locator('[id^="msg-"][data-state="sending"]', { hasText: texts[2] }).count() === 1);
    for (const text of texts) { await chat.arrived(agent, text); await chat.arrived(boss, text); }
    equal('here they keep their order', (await chat.bodies(agent)).slice(-3).join(), texts.join());
    equal('there they keep their order', (await chat.bodies(boss)).slice(-3).join(), texts.join());
    await equalsReload(agent, t.soon(2000));
  }, { everyRung: true }],

  ['who reads above is not moved, and a pill counts what is new', async t => {
    const { agent, boss, id } = await pair(t, { by: 'administrador', viewport: { width: 1366, height: 420 } });
    await chat.go(agent, `/chat/${id}`);
    const fill = Math.max(0, 6 - (await chat.bodies(agent)).length);
    let last;
    for (let n = 0; n < fill; n++) await chat.write(boss, last = chat.unique('Una línea\ny otra\ny otra'));
    if (last) await chat.arrived(agent, last);
    const scroller = agent.locator('[data-scroller]');
    holds('there is something to scroll', await scroller.evaluate(el => el.scrollHeight > el.clientHeight + 60));
    await scroller.evaluate(el => { el.scrollTop = 0; });
    const pill = agent.locator('[data-new-pill]');
    holds('nothing is new', await pill.isHidden());
    await chat.write(boss, chat.unique('Uno'));
    await pill.waitFor({ state: 'visible', timeout: 2000 });
    await chat.write(boss, last = chat.unique('Dos'));
    await until('the pill counts two', async () => (await pill.innerText()).includes('2'), 2000);
    equal('the view stays', await scroller.evaluate(el => el.scrollTop), 0);
    await pill.click();
    await until('it goes to the end', () => scroller.evaluate(el => el.scrollHeight - el.scrollTop - el.clientHeight < 4));
    holds('the pill goes', await pill.isHidden());
    await until('what was read is counted off', async () => await chat.count(agent, `du-${id}`) === 0, 2000);
  }],

  ['paging up does not jump', async t => {
    const agent = await t.signIn('asesor');
    const href = await longConversation(agent);
    holds('the demo has a conversation that is longer than a page', href);
    let held;                                                      // the answer waits until the place is known
    await agent.route(/[?&]before=\d+/, route => { held = route; }, { times: 1 });
    await agent.goto(href);
    await live(agent);
    const had = (await chat.bodies(agent)).length;
    const first = await until('going to the top asks for more', () => agent.evaluate(async () => {
      const scroller = document.querySelector('[data-scroller]');
      scroller.scrollTop = 0;
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      const el = document.querySelector('[id^="m-"] [id^="msg-"]');
      return scroller.scrollTop === 0 && { id: el.id, top: el.getBoundingClientRect().top };
    }).then(first => held && first), 20000);
    await held.continue();
    await until('older messages are there', async () => (await chat.bodies(agent)).length > had, 20000);
    const moved = await agent.evaluate(({ id, top }) => Math.abs(document.getElementById(id).getBoundingClientRect().top - top), first);
    holds(`the message stays where it was (moved ${moved} px)`, moved <= 2);
    const numbers = await agent.evaluate(() => [...document.querySelectorAll('[id^="m-"] [id^="msg-"]')].map(el => Number(el.dataset.sort)));
    holds('the numbers run without gaps', numbers.every((number, at) => at === 0 || number === numbers[at - 1] + 1));
  }],

  ['a lost answer and Reintentar leave exactly one message', async t => {
    const { agent, boss, id } = await pair(t, {});
    await agent.context().routeWebSocket(/\/live/, () => {});       // no push may heal it
    await agent.context().route(/\/live\//, route => route.abort('connectionreset'));
    await chat.go(agent, `/chat/${id}`);
    let lost = 0;
    await agent.route('**/messages', async route => {
      if (lost++ > 0) return route.continue();
      await route.fetch();                                          // it reaches the server
      return route.abort('connectionreset');
    });
    const text = chat.unique('Llegó una vez');
    await chat.write(agent, text);
    const bubble = agent.locator('[id^="msg-"][data-state="failed"]', { hasText: text });
    await bubble.waitFor();
    holds('it says why', (await bubble.locator('[data-reason]').innerText()).trim() !== '');
    await bubble.locator('[data-retry]').click();
    await chat.arrived(agent, text);
    await chat.arrived(boss, text);
    await agent.reload();
    await chat.arrived(agent, text);
    equal('it was posted twice', lost, 2);
  }, { allow: [/ERR_CONNECTION_RESET/, /Failed to fetch/, /WebSocket/] }],

  ['without JavaScript the chat works by reload', async t => {
    const { boss, id } = await pair(t);
    const page = await t.signIn('asesor', { javaScriptEnabled: false });
    await page.goto(new URL(`/chat/${id}`, page.url()).href);
    const text = chat.unique('Sin guiones');
    await page.locator('form.composer textarea[name=body]').fill(text);
    await page.locator('form.composer .btn-primary').click();
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
    holds('it is on the page', (await page.content()).includes(text));
    await chat.arrived(boss, text, 1500);
  }],
];

/** Opens the first conversation of the person that has older messages than shown. */
async function longConversation(page) {
  await page.goto(new URL('/chat', page.url()).href);
  const links = await page.evaluate(() => [...document.querySelectorAll('#conversations a[href^="/chat/"]')].map(a => a.href));
  for (const href of links) {
    await page.goto(href);
    if (await page.locator('[id^="older-"] a').count()) return href;
  }
  return null;
}
