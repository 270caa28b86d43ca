// Messages on their way.
//
// A message shows at once as a copy of `#message-template` and is posted with
// the id it got here, so a repeated post can never double it; answer and push
// carry the same id and replace the copy. Messages of one conversation go one
// after another. What failed says why and waits for `[data-retry]`, also over a
// reload of the tab.
//
// crea:post {entry, after} with entry {id, conversation, url, body, fields, files, at}:
// fields are posted as they are, files are named in the copy; `after` is waited for.
// #m-CONVERSATION, #msg-ID
(() => {
  'use strict';
  const LAST = '9000000000000000';             // sorts after every number the server gives
  const TIMEOUT_MS = 20000;
  const { kept } = crea;
  const lists = id => document.getElementById(`m-${id}`);
  const bubble = id => document.getElementById(`msg-${id}`);
  const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const outbox = new Map(kept.get('outbox', []).map(entry => [entry.id, { ...entry, state: 'failed' }]));
  const save = () => kept.set('outbox', outbox.size ? [...outbox.values()] : '');

  // --- the bubble
  function draw(entry) {
    const list = lists(entry.conversation), template = document.getElementById('message-template');
    if (!list || !template) return;
    let el = bubble(entry.id);
    if (!el) {
      el = template.content.firstElementChild.cloneNode(true);
      for (const part of [el, ...el.querySelectorAll('[id]')]) part.id = part.id.replace('__id__', entry.id);
      el.dataset.sort = LAST;
      el.querySelector('[data-body]').textContent = entry.body;
      const files = el.querySelector('[data-sending-files]');
      for (const { name, size } of entry.files ?? []) {
        const item = document.createElement('li');
        item.className = 'file-chip';
        item.textContent = `${name} · ${size}`;
        files.append(item);
      }
      const time = el.querySelector('time'), at = new Date(entry.at);
      if (time) {
        time.dateTime = at.toISOString();
        time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
      }
      list.append(el);
      htmx.process(el);
    }
    el.dataset.state = entry.state;
    const reason = el.querySelector('[data-reason]');
    if (reason) reason.textContent = entry.reason ?? '';
  }
  /** After every swap: forget what has arrived, draw again what a swap has taken away. */
  function settle() {
    for (const entry of [...outbox.values()]) {
      const el = bubble(entry.id);
      if (el && !el.dataset.state) outbox.delete(entry.id);
      else if (!el) draw(entry);
    }
    save();
  }

  // --- sending
  const last = new Map();                      // conversation → the post that the next one waits for
  function post(entry, after) {
    entry.state = 'sending';
    entry.reason = '';
    outbox.set(entry.id, entry);
    save();
    draw(entry);
    const before = last.get(entry.conversation) ?? Promise.resolve();
    last.set(entry.conversation, before.then(() => after).then(() => attempt(entry)));
  }
  async function attempt(entry) {
    let answer, text;
    try {
      answer = await fetch(entry.url, {
        method: 'POST',
        body: new URLSearchParams({ ...entry.fields, id: entry.id, body: entry.body }),
        headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Current-URL': location.href, Accept: 'text/html' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await answer.text();
    } catch {
      announce('crea:network');
      return fail(entry, document.body.dataset.textNetwork);
    }
    if (answer.redirected) { fail(entry); location.reload(); return; }   // signed out meanwhile
    if (answer.ok) bubble(entry.id)?.removeAttribute('data-state');
    if (/<hx-partial/.test(text)) {
      await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text })
        .catch(() => announce('crea:network'));
    }
    if (answer.ok) { outbox.delete(entry.id); save(); }
    else fail(entry, reasonOf(text) || document.body.dataset.textServer);
  }
  function reasonOf(text) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    return page.querySelector('[data-toast-text]')?.textContent.trim() ?? '';
  }
  function fail(entry, reason = '') {
    if (!outbox.has(entry.id)) return;         // the push was faster than the lost answer
    entry.state = 'failed';
    entry.reason = reason;
    save();
    draw(entry);
  }

  document.addEventListener('crea:post', ({ detail: { entry, after } }) => post(entry, after));
  document.addEventListener('click', e => {
    const el = e.target.closest?.('[data-retry]')?.closest('[id^="msg-"]');
    const entry = el && outbox.get(el.id.slice(4));
    if (!entry || entry.state === 'sending') return;
    e.preventDefault();
    post(entry);
    document.querySelector(`form[data-composer="${entry.conversation}"] textarea`)?.focus();
  });
  document.addEventListener('htmx:after:swap', settle);
  settle();
})();
