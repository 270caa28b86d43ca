// Files beside a message: chosen, dropped on the conversation or pasted into the
// text; brought at once, one after another, with progress that can be cancelled.
//
// form[data-composer] with [data-file-input] (data-url, limits and their texts),
// [data-waiting] holding li[data-file] (there) and li[data-upload] (on its way,
// from [data-upload-template]), [data-file-error]. What waits goes with the next
// message; a send that finds a file on its way waits for it.
(() => {
  'use strict';
  const { kept } = crea;
  const current = id => document.querySelector(`form[data-composer="${id}"]`);
  const settings = form => form.querySelector('[data-file-input]').dataset;
  const waiting = form => form.querySelector('[data-waiting]');
  const there = form => [...waiting(form).querySelectorAll('[data-file]')];
  const coming = form => [...waiting(form).querySelectorAll('[data-upload]')];
  const cancels = new WeakMap();               // li[data-upload] → what stops it
  let line = Promise.resolve();                // one upload after another keeps their order

  function say(form, text) {
    const place = form.querySelector('[data-file-error]');
    place.textContent = text;
    place.hidden = !text;
  }
  function bring(form, files) {
    const { maxFiles, maxBytes, tooMany, tooLarge, url } = settings(form);
    say(form, '');
    for (const file of files) {
      if (file.size > Number(maxBytes)) { say(form, tooLarge); continue; }
      if (there(form).length + coming(form).length >= Number(maxFiles)) { say(form, tooMany); break; }
      const row = form.querySelector('[data-upload-template]').content.firstElementChild.cloneNode(true);
      row.querySelector('[data-upload-name]').textContent = file.name;
      waiting(form).append(row);
      cancels.set(row, () => row.remove());
      line = line.then(() => row.isConnected && upload(form.dataset.composer, row, url, file));
    }
    form.querySelector('textarea').focus();
  }
  function upload(id, row, url, file) {
    return new Promise(done => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append('file', file, file.name);
      request.open('POST', url);
      request.setRequestHeader('HX-Request', 'true');
      request.setRequestHeader('HX-Request-Type', 'partial');
      request.upload.addEventListener('progress', e => { if (e.lengthComputable) row.querySelector('progress').value = 100 * e.loaded / e.total; });
      request.addEventListener('loadend', () => { done(); arrived(id, row, request); });
      cancels.set(row, () => { request.abort(); row.remove(); });
      request.send(body);
    });
  }
  /** The page may have been drawn anew meanwhile: then it shows the file already, or will. */
  function arrived(id, row, request) {
    const form = current(id);
    if (request.status === 401) { location.reload(); return; }
    if (request.status === 200) {
      const answer = document.createElement('template');
      answer.innerHTML = request.responseText;
      const chips = [...answer.content.children].filter(chip => !form?.querySelector(`[data-file="${chip.dataset.file}"]`));
      if (row.isConnected) row.replaceWith(...chips); else if (form) waiting(form).append(...chips);
    } else if (row.isConnected) {
      row.remove();
      const text = new DOMParser().parseFromString(request.responseText, 'text/html').querySelector('[data-toast-text]')?.textContent.trim()
        .replace(request.status < 500 ? / · \w+$/ : '', '');   // a refusal needs no number to report
      if (form) { say(form, text || document.body.dataset[request.status ? 'textServer' : 'textNetwork']); hold(form, false); }
    }
    if (form?.dataset.holding && !coming(form).length) { hold(form, false); form.requestSubmit(); }
  }
  function hold(form, is) {
    const button = form.querySelector('[type="submit"].btn-primary');
    if (is) form.dataset.holding = 'true'; else delete form.dataset.holding;
    if (is) button.setAttribute('aria-busy', 'true'); else button.removeAttribute('aria-busy');
  }

  // --- with the message
  document.addEventListener('crea:composing', e => {
    const { form, entry } = e.detail;
    if (coming(form).length) { hold(form, true); e.preventDefault(); return; }
    entry.files = there(form).map(chip => ({ id: chip.dataset.file, name: chip.dataset.name, size: chip.dataset.size }));
    entry.fields.files = entry.files.map(file => file.id).join(',');
  });
  document.addEventListener('crea:sent', ({ detail: { form } }) => {
    there(form).forEach(chip => chip.remove());
    say(form, '');
  });
  /** What goes with a message that is on its way is not offered again. */
  function prepare() {
    const taken = new Set(kept.get('outbox', []).flatMap(entry => entry.files ?? []).map(file => file.id));
    for (const chip of document.querySelectorAll('[data-waiting] [data-file]')) if (taken.has(chip.dataset.file)) chip.remove();
  }

  // --- chosen, taken back
  document.addEventListener('change', e => {
    if (!e.target.matches?.('[data-file-input]')) return;
    bring(e.target.form, [...e.target.files]);
    e.target.value = '';
  });
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-remove-file], [data-cancel-upload]');
    if (!button) return;
    e.preventDefault();
    const row = button.closest('li'), { form } = button;
    if (row.dataset.file) {
      fetch(button.formAction, { method: 'POST', body: new URLSearchParams(), headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } })
        .catch(() => { /* what stays behind is cleaned up in a day */ });
      row.remove();
    } else cancels.get(row)?.();
    if (!coming(form).length) hold(form, false);
    form.querySelector('textarea').focus();
  });

  // --- pasted: a table copied from a spreadsheet brings a picture of itself; its text is meant
  document.addEventListener('paste', e => {
    const form = e.target.closest?.('form[data-composer]'), data = e.clipboardData;
    if (!form || !data?.files.length || data.types.includes('text/plain')) return;
    e.preventDefault();
    bring(form, [...data.files]);
  });

  // --- dropped: anywhere on the conversation; elsewhere the browser must not leave the page for the file
  const carries = e => e.dataTransfer?.types.includes('Files') && document.querySelector('form[data-composer]');
  const panel = el => el?.closest?.('[data-conversation]');
  let over;
  function hover(target) {
    if (over === target) return;
    over?.removeAttribute('data-dropping');
    over = target;
    over?.setAttribute('data-dropping', over.querySelector('form[data-composer]')?.dataset.drop ?? '');
  }
  document.addEventListener('dragover', e => {
    if (!carries(e)) return;
    e.preventDefault();
    const target = panel(e.target);
    e.dataTransfer.dropEffect = target ? 'copy' : 'none';
    hover(target);
  });
  document.addEventListener('dragleave', e => { if (!e.relatedTarget) hover(undefined); });
  document.addEventListener('drop', e => {
    if (!carries(e)) return;
    e.preventDefault();
    hover(undefined);
    const form = panel(e.target)?.querySelector('form[data-composer]');
    if (form) bring(form, [...e.dataTransfer.files]);
  });
  document.addEventListener('htmx:after:swap', prepare);
  prepare();
})();
