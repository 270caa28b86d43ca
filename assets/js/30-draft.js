// What was written and not sent: kept in the tab at once, on the server after a
// second without a key and on leaving, so that the next device has it.
//
// form[data-composer="CONVERSATION"] (data-draft-url, data-draft-at: when the
// server's copy was kept); the newer of both copies is shown
(() => {
  'use strict';
  const WAIT_MS = 1000;
  const { kept } = crea;
  const textarea = form => form.querySelector('textarea[name="body"]');
  const drafts = new Map();                    // conversation → {url, body, timer, saving}

  /** Takes up the text of a composer that came on the screen. */
  function prepare() {
    for (const form of document.querySelectorAll('form[data-composer]')) {
      if (form.dataset.ready) continue;
      form.dataset.ready = 'true';
      const field = textarea(form), id = form.dataset.composer, mine = kept.get(`draft:${id}`);
      const failed = kept.get('outbox', []).some(entry => entry.conversation === id && entry.body === field.value);
      if (mine && (mine.at >= Number(form.dataset.draftAt ?? 0))) field.value = mine.body;
      else if (failed) field.value = '';       // it stands above, with its reason, and waits there
      if (field.value) field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  /** The copy of this tab is one until the server has it. */
  function changed(form) {
    const id = form.dataset.composer, { value } = textarea(form);
    const draft = drafts.get(id) ?? { url: form.dataset.draftUrl, body: value === '' ? '' : null };
    drafts.set(id, draft);
    if (draft.body === value) return;
    draft.body = value;
    kept.set(`draft:${id}`, { body: value, at: Date.now() });
    clearTimeout(draft.timer);
    draft.timer = setTimeout(save, WAIT_MS, id);
  }
  function save(id) {
    const draft = drafts.get(id), { body } = draft;
    clearTimeout(draft.timer);
    draft.timer = undefined;
    const request = fetch(draft.url, {
      method: 'POST',
      keepalive: true,                         // also when the page is left
      body: new URLSearchParams({ body }),
      headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    });
    draft.saving = request.then(answer => { if (answer.ok && draft.body === body && !draft.timer) kept.set(`draft:${id}`, null); })
      .catch(() => { /* the tab's copy stays the newer one */ });
  }
  function saveAll() {
    for (const [id, draft] of drafts) if (draft.timer) save(id);
  }

  document.addEventListener('crea:typed', ({ detail: { form } }) => changed(form));
  document.addEventListener('crea:composing', ({ detail: { form, after } }) => {
    // A draft that is on its way must not arrive after the message that ends it.
    after.push(drafts.get(form.dataset.composer)?.saving);
  });
  document.addEventListener('crea:sent', ({ detail: { conversation } }) => {
    clearTimeout(drafts.get(conversation)?.timer);
    drafts.delete(conversation);
    kept.set(`draft:${conversation}`, null);
  });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') saveAll(); });
  addEventListener('pagehide', saveAll);
  document.addEventListener('htmx:after:swap', prepare);
  prepare();
})();
