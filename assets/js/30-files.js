// Files of a form: chosen, dropped around it or pasted into its text; brought at
// once, one after another, with progress that can be cancelled.
//
// [data-uploads="ID"], as often as a page likes, is a form or a part of one:
// [data-file-input] (data-url, limits and their texts), [data-waiting] with
// li[data-file] (there), li[data-upload] (on its way, from [data-upload-template])
// and li[data-failed] (refused, its [data-file-error] says why); input[name=files]
// names what is there; [data-upload-error] is about no file alone. What is
// dropped on [data-drop-files] goes to the first one in it. A submit waits for
// what is on its way, and stays where a refused file is not taken away.
(() => {
  'use strict';
  const { kept } = crea;
  const current = id => document.querySelector(`[data-uploads="${CSS.escape(id)}"]`);
  const boxOf = el => el.closest('[data-uploads]');
  const formOf = box => box.closest('form');
  const boxIn = el => el?.matches('[data-uploads]') ? el : el?.querySelector('[data-uploads]');
  const waiting = box => box.querySelector('[data-waiting]');
  const there = box => [...box.querySelectorAll('[data-waiting] [data-file]')];
  const coming = el => [...el.querySelectorAll('[data-waiting] [data-upload]')];
  const failed = el => [...el.querySelectorAll('[data-waiting] [data-failed]')];
  const cancels = new WeakMap();               // li[data-upload] → what stops it
  const held = new WeakMap();                  // form → the button whose submit waits
  let line = Promise.resolve();                // one upload after another keeps their order

  function say(box, text) {
    const place = box.querySelector('[data-upload-error]');
    place.textContent = text;
    place.hidden = !text;
  }
  /** The form names what is there. */
  function name(box) {
    const field = box.querySelector('input[name="files"]');
    if (field) field.value = there(box).map(chip => chip.dataset.file).join(',');
  }
  /** Where one goes on: in the text of a message, else at the button. */
  const focus = box => (box.querySelector('textarea') ?? box.querySelector('[data-file-input]')).focus();

  // --- brought
  function bring(box, files) {
    const { maxFiles, maxBytes, tooMany, tooLarge, url } = box.querySelector('[data-file-input]').dataset;
    say(box, '');
    for (const file of files) {
      if (there(box).length + coming(box).length >= Number(maxFiles)) { say(box, tooMany); break; }
      const row = box.querySelector('[data-upload-template]').content.firstElementChild.cloneNode(true);
      row.querySelector('[data-upload-name]').textContent = file.name;
      waiting(box).append(row);
      cancels.set(row, () => row.remove());
      if (file.size > Number(maxBytes)) refuse(row, tooLarge);
      else line = line.then(() => row.isConnected && upload(box.dataset.uploads, row, url, file));
    }
    focus(box);
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
    const box = current(id), form = box && formOf(box);
    if (request.status === 401) { location.reload(); return; }
    if (request.status === 200) {
      const answer = document.createElement('template');
      answer.innerHTML = request.responseText;
      const chips = [...answer.content.children].filter(chip => !box?.querySelector(`[data-file="${chip.dataset.file}"]`));
      if (row.isConnected) row.replaceWith(...chips); else if (box) waiting(box).append(...chips);
      if (box) name(box);
    } else if (row.isConnected) {
      const text = new DOMParser().parseFromString(request.responseText, 'text/html').querySelector('[data-toast-text]')?.textContent.trim()
        .replace(request.status < 500 ? / · \w+$/ : '', '');   // a refusal needs no number to report
      refuse(row, text || document.body.dataset[request.status ? 'textServer' : 'textNetwork']);
      if (form) release(form);
    }
    if (form && held.has(form) && !coming(form).length) form.requestSubmit(release(form));
  }
  /** The file stays in its place and says why it does not go along. */
  function refuse(row, text) {
    const error = row.querySelector('[data-file-error]'), button = row.querySelector('[data-cancel-upload]');
    row.removeAttribute('data-upload');
    row.dataset.failed = '';
    row.querySelector('progress').remove();
    error.hidden = false;
    error.textContent = text;
    button.setAttribute('aria-label', button.dataset.textRemove.replace('{name}', row.querySelector('[data-upload-name]').textContent));
    cancels.set(row, () => row.remove());
  }

  // --- sent
  const button = form => form.querySelector('[type="submit"].btn-primary');
  function hold(form, submitter) {
    held.set(form, submitter ?? null);
    button(form)?.setAttribute('aria-busy', 'true');
  }
  /** Holds it no longer; answers the button that was pressed. */
  function release(form) {
    const submitter = held.get(form);
    held.delete(form);
    button(form)?.removeAttribute('aria-busy');
    return submitter ?? undefined;
  }
  document.addEventListener('submit', e => {
    const form = e.target;
    if (form.matches('[data-composer]') || !form.querySelector('[data-uploads]')) return;
    if (coming(form).length) hold(form, e.submitter);
    else if (failed(form).length) failed(form)[0].querySelector('button').focus();
    else return;
    e.preventDefault();
    e.stopPropagation();                       // htmx listens on the form itself
  }, true);
  document.addEventListener('crea:composing', e => {
    const { form, entry } = e.detail;
    if (coming(form).length) { hold(form); e.preventDefault(); return; }
    entry.files = there(form).map(chip => ({ id: chip.dataset.file, name: chip.dataset.name, size: chip.dataset.size }));
    entry.fields.files = entry.files.map(file => file.id).join(',');
  });
  document.addEventListener('crea:sent', ({ detail: { form } }) => {
    for (const row of [...there(form), ...failed(form)]) row.remove();
    name(form);
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
    bring(boxOf(e.target), [...e.target.files]);
    e.target.value = '';
  });
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-remove-file], [data-cancel-upload]');
    if (!button) return;
    e.preventDefault();
    const row = button.closest('li'), box = boxOf(row);
    if (row.dataset.file) {
      fetch(button.formAction, { method: 'POST', body: new URLSearchParams(), headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } })
        .catch(() => { /* what stays behind is cleaned up in a day */ });
      row.remove();
    } else cancels.get(row)?.();
    name(box);
    say(box, '');
    if (!coming(formOf(box)).length) release(formOf(box));
    focus(box);
  });

  // --- pasted: a table copied from a spreadsheet brings a picture of itself; its text is meant
  document.addEventListener('paste', e => {
    const form = e.target.closest?.('form'), box = form && boxIn(form), data = e.clipboardData;
    if (!box || !data?.files.length || data.types.includes('text/plain')) return;
    e.preventDefault();
    bring(box, [...data.files]);
  });

  // --- dropped: anywhere around the form; elsewhere the browser must not leave the page for the file
  const carries = e => e.dataTransfer?.types.includes('Files') && document.querySelector('[data-uploads]');
  const zone = el => el?.closest?.('[data-drop-files]');
  let over;
  function hover(target) {
    if (over === target) return;
    over?.removeAttribute('data-dropping');
    over = target;
    over?.setAttribute('data-dropping', over.dataset.dropFiles);
  }
  document.addEventListener('dragover', e => {
    if (!carries(e)) return;
    e.preventDefault();
    const target = zone(e.target);
    e.dataTransfer.dropEffect = target ? 'copy' : 'none';
    hover(target);
  });
  document.addEventListener('dragleave', e => { if (!e.relatedTarget) hover(undefined); });
  document.addEventListener('drop', e => {
    if (!carries(e)) return;
    e.preventDefault();
    hover(undefined);
    const box = boxIn(zone(e.target));
    if (box) bring(box, [...e.dataTransfer.files]);
  });
  document.addEventListener('htmx:after:swap', prepare);
  prepare();
})();
