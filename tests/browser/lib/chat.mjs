// What people do in the chat, in words.

import { setTimeout as pause } from 'node:timers/promises';
import { me } from './browser.mjs';
import { until } from './wait.mjs';

// A person may send 20 messages a minute; who comes near waits here.
const MOST = 18, WINDOW_MS = 61000;
const sent = new Map();

async function pace(page) {
  const who = `${new URL(page.url()).origin} ${await me(page)}`;
  const recent = (sent.get(who) ?? []).filter(at => Date.now() - at < WINDOW_MS);
  if (recent.length >= MOST) await pause(WINDOW_MS - (Date.now() - recent[0]));
  sent.set(who, [...recent, Date.now()]);
}

/** Opens the direct conversation of the page's person with another and returns its id. */
export async function open(page, other) {
  const origin = new URL(page.url()).origin;
  await page.goto(`${origin}/chat/new?q=${encodeURIComponent(other.name)}`);
  await page.locator(`#recipients form:has([name=user_id][value="${other.id}"]) button, #recipients button[name=user_id][value="${other.id}"]`).first().click();
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
  return page.url().split('/').pop();
}

/** The person of a page as others see them. */
export async function person(page) {
  const id = await me(page);
  const name = await page.evaluate(() => document.querySelector('.menu-who strong').textContent.trim());
  return { id, name };
}

/** Loads a page of the same server. */
export async function go(page, path) {
  await page.goto(new URL(path, page.url()).href);
}

/** Types and sends with Enter. */
export async function write(page, text) {
  await pace(page);
  await page.locator('form[data-composer] textarea').fill(text);
  await page.keyboard.press('Enter');
}

/** The bodies on the page, in order. */
export const bodies = page => page.evaluate(() => [...document.querySelectorAll('[id^="m-"] [data-body]')].map(el => el.textContent.trim()));

/** Waits for a message to be there once, settled. */
export async function arrived(page, text, within = 5000) {
  await until(`“${text}” is there, once and settled`, () => page.evaluate(text => {
    const found = [...document.querySelectorAll('[id^="msg-"]')].filter(el => el.querySelector('[data-body]')?.textContent.trim() === text);
    return found.length === 1 && !found[0].dataset.state;
  }, text), within);
}

/** The number on a counter; 0 when it is hidden. */
export const count = (page, id) => page.evaluate(id => Number(document.getElementById(id)?.dataset.count ?? 0), id);

/** A text that no other run has written. */
let written = 0;
export const unique = words => `${words} ${Date.now().toString(36)}-${++written}`;
