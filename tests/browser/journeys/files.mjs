// Files, emoji and drafts in the composer.

import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { equal, holds, until } from '../lib/wait.mjs';

async function pair(t) {
  const agent = await t.signIn('asesor');
  const boss = await t.signIn('supervisor');
  const id = await chat.open(boss, await chat.person(agent));
  await chat.go(agent, `/chat/${id}`);
  return { agent, boss, id };
}

/** A picture as the clipboard or a drag brings it, made in the page. */
const bring = (page, how, name) => page.evaluate(async ([how, name]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const paint = canvas.getContext('2d');
  paint.fillStyle = '#0f766e';
  paint.fillRect(0, 0, 640, 360);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], name, { type: 'image/png' }));
  const field = document.querySelector('form[data-composer] textarea');
  if (how === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  else {
    const target = document.querySelector('[data-scroller]');
    for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}, [how, name]);
const chips = page => page.locator('[data-waiting] [data-file]');

export default [
  ['a pasted picture and a dropped file go with a message and are seen without a reload', async t => {
    const { agent, boss, id } = await pair(t);
    await agent.locator('form[data-composer] textarea').fill('Le envío la captura');
    await bring(agent, 'paste', 'captura.png');
    await until('the pasted picture waits', async () => await chips(agent).count() === 1);
    await bring(agent, 'drop', 'plano.png');
    await until('the dropped one waits beside it', async () => await chips(agent).count() === 2);
    equal('the typed text stays', await agent.locator('form[data-composer] textarea').inputValue(), 'Le envío la captura');
    await chips(agent).nth(1).locator('[data-remove-file]').click();
    await until('it can be taken back', async () => await chips(agent).count() === 1);
    await agent.locator('form[data-composer] textarea').press('Enter');
    await until('nothing waits any more', async () => await chips(agent).count() === 0);
    await until('the other person sees it', () => boss.locator(`#m-${id} .files img[alt="captura.png"]`).count(), 3000);
    await until('it has its place and is drawn', () => boss.locator(`#m-${id} .files img`).last().evaluate(img => img.complete && img.naturalWidth > 0 && img.width === 320), 5000);
    await equalsReload(agent);
    await equalsReload(boss);
  }],

  ['progress shows, can be cancelled, and a refusal says why beside the text', async t => {
    const { agent } = await pair(t);
    await agent.route('**/files', async route => { await new Promise(done => setTimeout(done, 600)); await route.continue().catch(() => {}); });
    const input = agent.locator('[data-file-input]');
    await input.setInputFiles({ name: 'base.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
    const row = agent.locator('[data-waiting] [data-upload]');
    await row.locator('progress').waitFor();
    await row.locator('[data-cancel-upload]').click();
    equal('it is gone', await row.count(), 0);
    await agent.locator('form[data-composer] textarea').fill('Queda escrito');
    await input.setInputFiles({ name: 'factura.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1') });
    const error = agent.locator('[data-file-error]');
    await until('the reason is there', async () => /tipo de archivo/.test(await error.innerText()));
    equal('the text stays', await agent.locator('form[data-composer] textarea').inputValue(), 'Queda escrito');
    await input.setInputFiles({ name: 'acuerdo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
    await agent.locator('form[data-composer] textarea').press('Enter');      // while it is on its way
    await until('the message waits for its file', () => agent.locator('.msg:not([data-state]) .file-chip', { hasText: 'acuerdo.pdf' }).count(), 5000);
  }, { allow: [/422/] }],

  ['a draft is there on another device, and gone once it is sent', async t => {
    const { agent, id } = await pair(t);
    const text = chat.unique('Un borrador');
    const saved = agent.waitForResponse(answer => answer.url().endsWith('/draft'));
    await agent.locator('form[data-composer] textarea').fill(text);
    equal('it is kept', (await saved).status(), 204);
    const second = await t.signIn('asesor');
    await chat.go(second, `/chat/${id}`);
    equal('the second device shows it', await second.locator('form[data-composer] textarea').inputValue(), text);
    await second.locator('form[data-composer] textarea').press('Enter');
    await chat.arrived(second, text);
    await second.reload();
    equal('sent, it is no draft', await second.locator('form[data-composer] textarea').inputValue(), '');
  }],

  ['an emoji is found by words and put where the caret is', async t => {
    const { agent } = await pair(t);
    const field = agent.locator('form[data-composer] textarea');
    await field.fill('Muy bien hecho');
    await field.evaluate(el => el.setSelectionRange(8, 8));
    await agent.locator('[data-emoji-picker] summary').click();
    const search = agent.locator('[data-emoji-search]');
    await until('the search has the focus', () => search.evaluate(el => el === document.activeElement));
    await search.fill('thumbs');
    equal('English words find it too', await agent.locator('[data-emoji]:visible').count(), 2);
    await agent.keyboard.press('ArrowDown');
    await agent.keyboard.press('Enter');
    await until('it stands in the text', async () => await field.inputValue() === 'Muy bien👍 hecho');
    holds('the text has the focus again', await field.evaluate(el => el === document.activeElement));
  }],
];
