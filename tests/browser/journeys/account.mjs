// A forgotten password, and the second factor.

import { execFileSync } from 'node:child_process';
import { live } from '../lib/browser.mjs';
import { mailServer } from '../lib/mail.mjs';
import { freshDatabase, start } from '../lib/server.mjs';
import { code, enrol, prove } from '../lib/totp.mjs';
import { equal, holds } from '../lib/wait.mjs';

/** The first step of a sign-in. */
async function passwordStep(page, base, person) {
  await page.goto(`${base}/sign-in`);
  await page.fill('[name=login]', person.email);
  await page.fill('[name=password]', person.password);
  await page.click('main [type=submit]');
}

const GONE = [/status of (410|422)/];

export default [
  ['reset by mail link', async t => {
    const mail = await mailServer();
    t.after(() => mail.close());
    const server = await start('demo', { SMTP_URL: mail.url, MAIL_FROM: 'CREA <crea@crea.example>' });
    t.after(() => server.stop());
    const person = server.people.asesor;
    const inside = await t.signIn('asesor', { base: server.url, people: server.people });
    const page = await (await t.context()).newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.click('a[href="/reset"]');
    await page.fill('form[action="/reset"] [name=login]', person.email);
    await page.click('main [type=submit]');
    await page.locator('[data-tone=success]').waitFor();
    const link = await mail.link(person.email, /\/reset\/[0-9a-f]{64}/);
    await page.goto(server.url + link);
    await page.fill('[name=password]', 'cuatro palabras muy sencillas');
    await page.fill('[name=password_again]', 'cuatro palabras muy sencillas');
    await page.click('main [type=submit]');
    await page.waitForURL(/\/sign-in\?done=reset/);
    await inside.waitForURL(/\/sign-in/, { timeout: 5000 });
    await passwordStep(page, server.url, { ...person, password: 'cuatro palabras muy sencillas' });
    await page.waitForURL(url => url.pathname === '/');
    await live(page);
    const again = await page.goto(server.url + link);
    equal('a link works once', again.status(), 410);
  }, { allow: GONE }],

  ['a second factor is switched on, asked for, and recovered from', async t => {
    const server = await start('demo');
    t.after(() => server.stop());
    const person = server.people.backoffice;
    const page = await t.signIn('backoffice', { base: server.url, people: server.people });
    await page.goto(`${server.url}/account/security`);
    await page.click('a[href="/account/two-factor"]');
    await page.fill('form[action="/account/two-factor"] [name=current]', person.password);
    await page.click('form[action="/account/two-factor"] [type=submit]');
    holds('a camera sees it', await page.locator('.qr').evaluate(qr => qr.getBoundingClientRect().width > 150));
    const key = await prove(page);
    const codes = await page.locator('.recovery-codes code').allInnerTexts();
    equal('ten recovery codes', codes.length, 10);
    await live(page);

    const other = await (await t.context()).newPage();
    await passwordStep(other, server.url, person);
    await other.waitForURL(/\/sign-in\/code/);
    await other.fill('[name=code]', '000000');
    await other.click('main [type=submit]');
    await other.locator('[data-tone=danger]').waitFor();
    await other.fill('[name=code]', code(key, 1));
    await other.click('main [type=submit]');
    await other.waitForURL(url => url.pathname === '/');
    await live(other);

    const third = await (await t.context()).newPage();
    await passwordStep(third, server.url, person);
    await third.fill('[name=code]', codes[0]);
    await third.click('main [type=submit]');
    await third.waitForURL(url => url.pathname === '/');
  }, { allow: GONE }],

  ['first sign-in with a second factor required', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const server = await start('demo', { DATABASE_URL: database.url, SECRET_KEY: 'a'.repeat(64) });
    t.after(() => server.stop());
    const roles = `insert into setting (key, value, updated_at) values ('security', '{"totp_roles":["supervisor"]}', now())`;
    execFileSync('psql', [database.url, '-q', '-c', `${roles} on conflict (key) do update set value = excluded.value`]);
    const page = await (await t.context()).newPage();
    await passwordStep(page, server.url, server.people.supervisor);
    await page.waitForURL(/\/account\/two-factor/);
    await page.goto(`${server.url}/chat`);
    holds('there is nothing else', page.url().endsWith('/account/two-factor'));
    await enrol(page, server.people.supervisor.password);
    await page.click('.btn-primary');
    await page.waitForURL(url => url.pathname === '/');
    await live(page);
  }, { needs: ['TEST_POSTGRES_URL'] }],

  ['a password is changed in one tab and its live screen goes on', async t => {
    const server = await start('demo');
    t.after(() => server.stop());
    const page = await t.signIn('calidad', { base: server.url, people: server.people });
    await page.goto(`${server.url}/account/security`);
    await live(page);
    await page.fill('[name=current]', server.people.calidad.password);
    await page.fill('[name=password]', 'cuatro palabras muy sencillas');
    await page.fill('[name=password_again]', 'cuatro palabras muy sencillas');
    await page.click('form[action="/account/password"] [type=submit]');
    await page.waitForURL(/saved=1/);
    await live(page);
    await page.waitForTimeout(3000);                               // the old session's screens have been closed by now
    holds('it is still there', page.url().includes('/account/security'));
    await live(page);
  }],
];
