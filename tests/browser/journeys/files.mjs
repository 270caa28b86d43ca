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

  ['files go with any form, two on one page, and a refused one is taken away by keyboard', async t => {
    const { agent } = await pair(t);
    await agent.setViewportSize({ width: 390, height: 800 });
    // Two ordinary forms, made of the composer's own parts.
    await agent.evaluate(() => {
      const part = what => document.querySelector(`form[data-composer] ${what}`).cloneNode(true);
      window.sent = [];
      for (const id of ['two', 'one']) {
        const form = document.createElement('form'), box = document.createElement('div');
        form.id = `form-${id}`;
        Object.assign(box.dataset, { uploads: id, dropFiles: 'Suelte' });
        box.className = 'upload';
        box.append(...['input[name=files]', '[data-waiting]', '[data-upload-template]', '.attach', '[data-upload-error]'].map(part));
        form.append(box, Object.assign(part('.btn-primary'), { id: `send-${id}` }));
        document.querySelector('main').prepend(form);
        form.addEventListener('submit', e => { e.preventDefault(); window.sent.push([id, new FormData(form).get('files')]); });
      }
    });
    const file = (name, text) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(text, 'latin1') });
    const one = agent.locator('#form-one'), two = agent.locator('#form-two'), sent = () => agent.evaluate(() => window.sent);
    await two.locator('[data-file-input]').setInputFiles(file('dos.pdf', '%PDF-1.4\n%%EOF\n'));
    await until('it waits in its own form', async () => await two.locator('[data-file]').count() === 1);
    equal('and in no other', await agent.locator('[data-waiting] [data-file]').count(), 1);
    await agent.route('**/files', async route => { await new Promise(done => setTimeout(done, 400)); await route.continue().catch(() => {}); });
    await one.locator('[data-file-input]').setInputFiles([file('un-nombre-muy-largo-de-una-factura-que-no-cabe.pdf', 'MZ\x90\0\x03\0\0\0'), file('uno.pdf', '%PDF-1.4\n%%EOF\n')]);
    await one.locator('progress').first().waitFor();
    await one.locator('.btn-primary').click();
    equal('it waits for what is on its way', (await sent()).length, 0);
    await until('the reason stands beside the file', async () => /tipo de archivo/.test(await one.locator('[data-failed] [data-file-error]').innerText()));
    await until('the other one is there', async () => await one.locator('[data-file]').count() === 1, 5000);
    holds('nothing is wider than the screen', await agent.evaluate(() => document.documentElement.scrollWidth <= 390));
    await one.locator('.btn-primary').press('Enter');
    holds('a refused file keeps the form here and has the focus', await agent.evaluate(() => document.activeElement.closest('[data-failed]') !== null));
    equal('nothing was sent', (await sent()).length, 0);
    await agent.keyboard.press('Enter');
    equal('it is taken away', await one.locator('[data-failed]').count(), 0);
    await one.locator('.btn-primary').press('Enter');
    const id = await one.locator('[data-file]').getAttribute('data-file');
    await until('the form names what it has', async () => JSON.stringify(await sent()) === JSON.stringify([['one', id]]));
    await two.locator('[data-remove-file]').press('Enter');
    equal('what was taken back is not named', await two.locator('input[name=files]').inputValue(), '');
    equal('each form has its own', await one.locator('input[name=files]').inputValue(), id);
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
