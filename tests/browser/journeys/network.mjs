// Networks are cut, servers die, sessions end.

import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { proxy } from '../lib/proxy.mjs';
import { freshDatabase, start } from '../lib/server.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

const CUT = [/ERR_/, /WebSocket/, /htmx:ws:error/, /htmx:error/, /Failed to fetch/, /NetworkError/];

export default [
  ['ten seconds without network lose and double nothing', async t => {
    const line = await proxy(t.server.port);
    t.after(() => line.close());
    const agent = await t.signIn('asesor', { base: line.url });
    const boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, `/chat/${id}`);
    await live(agent);
    const texts = [chat.unique('Antes del corte')];
    await chat.write(boss, texts[0]);
    await chat.arrived(agent, texts[0]);

    const began = Date.now();
    line.cut();
    await agent.context().setOffline(true);
    await until('the bar shows within 3 s', () => agent.evaluate(() => document.documentElement.dataset.live === 'off'), 3000);
    holds('the bar covers no message', await agent.evaluate(() => {
      const bar = document.querySelector('.connection [data-when=off]').getBoundingClientRect();
      return bar.height > 0 && bar.bottom <= document.querySelector('[data-scroller]').getBoundingClientRect().top;
    }));
    for (let n = 0; n < 5; n++) {
      texts.push(chat.unique(`Durante el corte ${n}`));
      await chat.write(boss, texts.at(-1));
      await chat.arrived(boss, texts.at(-1));
    }
    const mine = chat.unique('Escrito sin red');
    await chat.write(agent, mine);
    await agent.locator('[id^="msg-"][data-state="failed"]', { hasText: mine }).waitFor();
    await until('ten seconds have passed', () => Date.now() - began > 10000, 12000);
    equal('nothing came through', (await chat.bodies(agent)).includes(texts.at(-1)), false);

    line.restore();
    await agent.context().setOffline(false);
    await live(agent, 12000);
    for (const text of texts) await chat.arrived(agent, text, 3000);
    await agent.locator('[id^="msg-"]', { hasText: mine }).locator('[data-retry]').click();
    await chat.arrived(agent, mine);
    await chat.arrived(boss, mine);
    await equalsReload(agent);
  }, { allow: CUT }],

  ['navigation while the socket is down is made good', async t => {
    const line = await proxy(t.server.port);
    t.after(() => line.close());
    const agent = await t.signIn('asesor', { base: line.url });
    const boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    const text = chat.unique('Entre página y enlace');
    await agent.route('**/chat/*', async route => {                // the page is drawn, then things happen, then it arrives
      const answer = await route.fetch();
      if (route.request().method() === 'GET') {
        line.cut();
        line.restore();
        await chat.write(boss, text);
        await chat.arrived(boss, text);
      }
      await route.fulfill({ response: answer });
    });
    await agent.evaluate(id => document.querySelector(`#d-${id} a`).click(), id);
    await agent.waitForURL(/\/chat\/[0-9a-f-]{36}/);
    await chat.arrived(agent, text);
  }, { allow: CUT }],

  ...[
    ['a reset draws the page anew and keeps what is being typed', '<hx-live reset></hx-live>', []],
    ['a frame that fails is made good', '<hx-live></hx-live><hx-partial hx-target="#toasts" hx-swap="unheard-of">x</hx-partial>', [/unheard-of/]],
  ].map(([name, frame, allow]) => [name, async t => {
    const agent = await t.signIn('asesor');
    const boss = await t.signIn('supervisor');
    const id = await chat.open(boss, await chat.person(agent));
    let toPage, deaf = false;
    await agent.context().routeWebSocket(/\/live/, socket => {
      const server = socket.connectToServer();
      toPage = socket;
      server.onMessage(message => { if (!deaf) socket.send(message); });
    });
    await chat.go(agent, `/chat/${id}`);
    await live(agent);
    deaf = true;
    const text = chat.unique('Nadie lo trajo'), draft = 'Esto sigue aquí';
    await chat.write(boss, text);
    await chat.arrived(boss, text);
    await agent.locator('form[data-composer] textarea').fill(draft);
    await agent.evaluate(() => { window.sameDocument = true; });
    deaf = false;
    toPage.send(frame);
    await chat.arrived(agent, text);
    equal('the typed text stays', await agent.locator('form[data-composer] textarea').inputValue(), draft);
    holds('no document was loaded', await agent.evaluate(() => window.sameDocument));
    await equalsReload(agent, 3000);
  }, { allow }]),

  ['a session that ends goes to sign-in within five seconds', async t => {
    const page = await t.signIn('asesor');
    const other = await page.context().newPage();
    await other.goto(new URL('/account/security', page.url()).href);
    await other.evaluate(() => document.querySelector('form[action="/sign-out"] button').click());
    await page.waitForURL(/\/sign-in/, { timeout: 5000 });
    await other.waitForURL(/\/sign-in/, { timeout: 5000 });
  }],

  ['a session ended elsewhere goes to sign-in within five seconds', async t => {
    const page = await t.signIn('backoffice');
    const other = await t.signIn('backoffice');
    await other.goto(new URL('/account/security', page.url()).href);
    await other.locator('form[action="/account/sessions"] [type=submit]').click();
    await page.waitForURL(/\/sign-in/, { timeout: 5000 });
    await live(other);
  }],

  ['two instances: what one is told the other shows, and the dead one’s people catch up', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const env = { DATABASE_URL: database.url, REDIS_URL: process.env.TEST_REDIS_URL, SECRET_KEY: 'a'.repeat(64) };
    const first = await start('demo', env);
    t.after(() => first.stop());
    const second = await start('serve', env);
    t.after(() => second.stop());
    const line = await proxy(first.port, second.port);
    t.after(() => line.close());

    const agent = await t.signIn('asesor', { base: line.url, people: first.people });
    const boss = await t.signIn('supervisor', { base: second.url, people: first.people });
    const id = await chat.open(boss, await chat.person(agent));
    await chat.go(agent, `/chat/${id}`);
    await live(agent);
    const across = chat.unique('De una a otra');
    await chat.write(boss, across);
    await chat.arrived(agent, across, 1500);
    const back = chat.unique('Y de vuelta');
    await chat.write(agent, back);
    await chat.arrived(boss, back, 1500);

    await first.kill();
    const texts = [0, 1, 2].map(n => chat.unique(`Tras la caída ${n}`));
    for (const text of texts) await chat.write(boss, text);
    for (const text of texts) await chat.arrived(agent, text, 8000);
    const answer = chat.unique('Sigo aquí');
    await chat.write(agent, answer);
    await chat.arrived(boss, answer, 3000);
    await equalsReload(agent);
  }, { allow: CUT, needs: ['TEST_POSTGRES_URL', 'TEST_REDIS_URL'] }],
];
