// Sending messages.
//
// A message shows at once as a copy of `#message-template` and is posted with
// the id it got here, so a repeated post can never double it; answer and push
// carry the same id and replace the copy. Messages of one conversation go one
// after another. What failed says why and waits for `[data-retry]`; it and the
// text being typed outlive a reload of the tab (per person, in this tab only).
//
// form[data-composer="CONVERSATION"] (action, textarea[name=body]), #m-CONVERSATION
(() => {
  'use strict';
  const LAST = '9000000000000000';             // sorts after every number the server gives
  const NEAR_LIMIT = 200, TIMEOUT_MS = 20000, MAX_LINES = 8;
  const owner = () => document.body.dataset.me ?? '';
  const lists = id => document.getElementById(`m-${id}`);
  const bubble = id => document.getElementById(`msg-${id}`);
  const textarea = form => form.querySelector('textarea[name="body"]');
  const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  // --- kept for a reload
  const stored = (key, fallback) => {
    try { return JSON.parse(sessionStorage.getItem(`crea:${owner()}:${key}`)) ?? fallback; } catch { return fallback; }
  };
  const store = (key, value) => {
    try {
      if (value === '') sessionStorage.removeItem(`crea:${owner()}:${key}`);
      else sessionStorage.setItem(`crea:${owner()}:${key}`, JSON.stringify(value));
    } catch { /* storage may be refused: then a reload forgets */ }
  };
  /** Leaves nothing of what was written to who uses this tab next. */
  function forget() {
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith('crea:')) sessionStorage.removeItem(key);
    } catch { /* then nothing was kept */ }
  }
  const outbox = new Map(stored('outbox', []).map(entry => [entry.id, { ...entry, state: 'failed' }]));
  const saveOutbox = () => store('outbox', outbox.size ? [...outbox.values()] : '');

  /** A UUID of version 7. Plain http has no crypto.randomUUID. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let i = 5; i >= 0; i--) { bytes[i] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

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
    saveOutbox();
  }

  // --- sending
  const last = new Map();                      // conversation → the post that the next one waits for
  function post(entry) {
    entry.state = 'sending';
    entry.reason = '';
    outbox.set(entry.id, entry);
    saveOutbox();
    draw(entry);
    const before = last.get(entry.conversation) ?? Promise.resolve();
    last.set(entry.conversation, before.then(() => attempt(entry)));
  }
  async function attempt(entry) {
    let answer, text;
    try {
      answer = await fetch(entry.url, {
        method: 'POST',
        body: new URLSearchParams({ id: entry.id, body: entry.body }),
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
    if (answer.ok) { outbox.delete(entry.id); saveOutbox(); }
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
    saveOutbox();
    draw(entry);
  }

  // --- the form
  function submit(form) {
    const field = textarea(form), body = field.value.trim(), limit = Number(field.maxLength);
    if (!body || (limit > 0 && [...body].length > limit)) return;
    const entry = { id: newId(), conversation: form.dataset.composer, url: form.action, body, at: Date.now() };
    field.value = '';
    typed(form);
    post(entry);
    announce('crea:sent', { conversation: entry.conversation });
  }
  /** Measured on a copy: to collapse the field itself would make the messages above it jump. */
  function heightFor(field) {
    const copy = field.cloneNode();
    copy.removeAttribute('id');
    copy.removeAttribute('name');
    copy.value = field.value;
    Object.assign(copy.style, { position: 'absolute', visibility: 'hidden', height: '0', minHeight: '0', width: `${field.offsetWidth}px` });
    field.after(copy);
    const style = getComputedStyle(copy), line = parseFloat(style.lineHeight) || 20;
    const frame = field.offsetHeight - field.clientHeight;
    const padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    const height = Math.min(copy.scrollHeight, line * MAX_LINES + padding) + frame;
    copy.remove();
    return height;
  }
  /** Height, count and draft follow the text. */
  function typed(form) {
    const field = textarea(form), count = form.querySelector('[data-count-left]');
    store(`draft:${form.dataset.composer}`, field.value);
    field.style.height = `${heightFor(field)}px`;
    const left = Number(field.maxLength) - field.value.length;
    if (count) {
      count.hidden = !(field.maxLength > 0 && left <= NEAR_LIMIT);
      count.textContent = String(left);
    }
  }
  function prepare() {
    for (const form of document.querySelectorAll('form[data-composer]')) {
      if (form.dataset.ready) continue;
      form.dataset.ready = 'true';
      const field = textarea(form);
      if (!field.value) field.value = stored(`draft:${form.dataset.composer}`, '');
      if (field.value) typed(form);
    }
  }

  document.addEventListener('submit', e => {
    if (e.target.matches('form[action="/sign-out"]')) forget();
    if (!e.target.matches('form[data-composer]')) return;
    e.preventDefault();
    e.stopPropagation();                       // htmx listens on the form itself
    submit(e.target);
  }, true);
  document.addEventListener('keydown', e => {
    const form = e.target.closest?.('form[data-composer]');
    if (!form || e.target !== textarea(form) || e.key !== 'Enter') return;
    if (e.isComposing || e.keyCode === 229 || e.shiftKey || e.altKey) return;
    e.preventDefault();
    submit(form);
  });
  document.addEventListener('input', e => {
    const form = e.target.closest?.('form[data-composer]');
    if (form) typed(form);
  });
  document.addEventListener('click', e => {
    const el = e.target.closest?.('[data-retry]')?.closest('[id^="msg-"]');
    const entry = el && outbox.get(el.id.slice(4));
    if (!entry || entry.state === 'sending') return;
    e.preventDefault();
    post(entry);
    document.querySelector(`form[data-composer="${entry.conversation}"] textarea`)?.focus();
  });
  document.addEventListener('htmx:after:swap', () => { prepare(); settle(); });
  prepare();
  settle();
})();
