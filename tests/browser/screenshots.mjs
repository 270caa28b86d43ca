// Takes pictures of every page into the ignored folder `screenshots`: three
// widths, light and dark, Spanish and English.
//
//     node screenshots.mjs [part of a file name]

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Desk, launch } from './lib/browser.mjs';
import * as chat from './lib/chat.mjs';
import { start, stopAll } from './lib/server.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../screenshots');
const wanted = process.argv[2] ?? '';
const WIDTHS = [[1440, 900], [1366, 768], [390, 844]];

mkdirSync(folder, { recursive: true });
const browser = await launch();
const desk = new Desk(browser);
let taken = 0;

async function picture(page, name, language, theme) {
  for (const [width, height] of WIDTHS) {
    const file = `${name}-${width}-${theme}-${language}.png`;
    if (!file.includes(wanted)) continue;
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(400);                                // what is read is counted off, the list is at its end
    await page.screenshot({ path: join(folder, file) });
    taken++;
  }
}

/** Chooses language and theme as a person does, by the form of the account page. */
async function look(page, locale, theme) {
  await page.evaluate(async choice => {
    await fetch('/account/look', { method: 'POST', body: new URLSearchParams(choice), redirect: 'manual' });
  }, { locale, theme, density: 'compact', next: '/' });
}

try {
  const server = await start('demo');
  const boss = await desk.signIn(server.url, server.people.supervisor);
  const page = await desk.signIn(server.url, server.people.asesor, { reducedMotion: 'reduce' });
  const id = await chat.open(boss, await chat.person(page));
  for (const text of ['Buenos días. ¿Pudo contactar al cliente de la gestión pendiente?', 'Palabra'.repeat(30), 'https://example.com/una/direccion']) await chat.write(boss, text);
  const pages = { home: '/', chat: '/chat', conversation: `/chat/${id}`, recipients: '/chat/new', people: '/search', found: '/search?q=ca', nothing: '/search?q=zzzz', account: '/account', missing: '/none' };
  for (const language of ['es', 'en']) {
    for (const theme of ['light', 'dark']) {
      const guest = await (await desk.context({ colorScheme: theme, locale: language })).newPage();
      await guest.goto(`${server.url}/sign-in`);
      await picture(guest, 'sign-in', language, theme);
      await look(page, language, theme);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(server.url + path);
        await picture(page, name, language, theme);
      }
      await page.goto(server.url);
      for (const menu of ['state', 'top-me']) {
        await page.locator(`.${menu} summary`).click();
        await picture(page, `menu-${menu}`, language, theme);
      }
      await page.goto(`${server.url}/chat/${id}`);
      await page.context().setOffline(true);
      await page.waitForSelector('html[data-live=off]');
      await picture(page, 'offline', language, theme);
      await page.context().setOffline(false);
    }
  }
  await page.goto(server.url);
  await page.keyboard.press('?');
  await picture(page, 'keys', 'en', 'dark');
} finally {
  await desk.close();
  await browser.close();
  await stopAll();
}
console.log(`${taken} pictures in screenshots/`);
