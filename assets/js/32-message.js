// What one does with a message: answer, react, copy, edit, delete.
//
// a[data-message-menu] in a message leads to its page; here it opens the one
// #message-menu beside it, as do a long press and the menu key on the message.
// Answering fills the composer's quoted_id and [data-reply-bar]; editing shows
// form[data-edit-bar] in place of the composer. Both are put back after swaps.
(() => {
  'use strict';
  const LONG_PRESS_MS = 500, TIMEOUT_MS = 20000, FLASH_MS = 1200;
  const menu = document.getElementById('message-menu');
  if (!menu) return;
  const message = id => document.getElementById(id);
  const panel = () => document.querySelector('[data-conversation]');
  const composer = () => document.querySelector('form[data-composer]');
  const bodyOf = el => el.querySelector('[data-body]')?.textContent ?? '';
  const isMine = el => el.dataset.sender === document.body.dataset.me;
  const isEditable = el => isMine(el) && Date.now() < Number(el.dataset.editableUntil);
  let current, answering, editing;             // id of the menu's message; what is being answered, edited

  // --- the server
  /** Posts a form's fields; what was refused is said by the answer's toast, or returned as text when `quiet`. */
  async function post(url, fields, quiet = false) {
    let answer, text;
    try {
      answer = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Current-URL': location.href, Accept: 'text/html' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await answer.text();
    } catch {
      document.dispatchEvent(new CustomEvent('crea:network'));
      return document.body.dataset.textNetwork;
    }
    if (answer.ok) return '';
    if (answer.status === 401) { location.reload(); return ''; }
    if (!quiet && /<hx-partial/.test(text)) await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text });
    const page = new DOMParser().parseFromString(text, 'text/html');
    return page.querySelector('[data-toast-text]')?.textContent.trim() || document.body.dataset.textServer;
  }

  // --- the menu
  const acts = () => [...menu.querySelectorAll('button')].filter(button => button.getClientRects().length);
  const show = (code, shown) => { menu.querySelector(`[data-act="${code}"]`).hidden = !shown; };
  function sure(asks) {
    menu.querySelector('[data-sure]').hidden = !asks;
    for (const part of menu.querySelectorAll('.msg-menu-reacts,.msg-menu-acts')) part.hidden = asks;
  }
  function open(el) {
    const link = el.querySelector('[data-message-menu]');
    if (!link) return;
    current = { id: el.id, url: link.getAttribute('href') };
    sure(false);
    show('reply', Boolean(composer()));
    show('copy', Boolean(bodyOf(el)));
    show('edit', isEditable(el) && Boolean(composer()));
    show('delete', isMine(el));
    menu.showPopover();
    const box = link.getBoundingClientRect(), { offsetWidth: wide, offsetHeight: high } = menu;
    menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - wide - 8))}px`;
    menu.style.top = `${box.bottom + high + 8 < innerHeight ? box.bottom + 4 : Math.max(8, box.top - high - 4)}px`;
    link.setAttribute('aria-expanded', 'true');
    acts()[0]?.focus();
  }
  function close(focus = true) {
    if (menu.matches(':popover-open')) menu.hidePopover();
    if (focus && current) message(current.id)?.querySelector('[data-message-menu]')?.focus();
  }
  menu.addEventListener('toggle', e => {
    if (e.newState === 'closed') for (const link of document.querySelectorAll('[data-message-menu][aria-expanded]')) link.removeAttribute('aria-expanded');
  });
  menu.addEventListener('keydown', e => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
    if (e.key === 'Escape') { e.preventDefault(); close(); }
    if (!step) return;
    e.preventDefault();
    const all = acts(), at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length]?.focus();
  });
  menu.addEventListener('click', e => {
    const button = e.target.closest('button'), el = current && message(current.id);
    if (!button || !el) return;
    e.preventDefault();
    if (button.name === 'kind') { close(); post(`${current.url}/reactions`, { kind: button.value }); return; }
    const { act } = button.dataset;
    if (act === 'delete') { sure(true); acts()[0]?.focus(); return; }
    close(act === 'sure' || act === 'keep' || act === 'copy');
    if (act === 'reply') answer(el);
    if (act === 'copy') copy(bodyOf(el));
    if (act === 'edit') edit(el);
    if (act === 'sure') post(`${current.url}/delete`, {});
  });
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch { /* plain http or refused: the text can be selected */ }
  }

  // --- ways to the menu
  document.addEventListener('click', e => {
    const link = e.target.closest?.('[data-message-menu]'), quote = e.target.closest?.('[data-quoted]');
    if ((!link && !quote) || e.ctrlKey || e.metaKey || e.shiftKey) return;
    if (quote && !message(`msg-${quote.dataset.quoted}`)) return;    // not on this page: the link leads there
    e.preventDefault();
    e.stopPropagation();                       // htmx listens on the link itself
    if (link) open(link.closest('.msg')); else reveal(message(`msg-${quote.dataset.quoted}`));
  }, true);
  let pressed, press;
  document.addEventListener('pointerdown', e => {
    const el = e.pointerType === 'touch' && e.target.closest?.('.msg');
    clearTimeout(press);
    pressed = false;
    if (el && !e.target.closest('a,button')) press = setTimeout(() => { pressed = true; open(el); }, LONG_PRESS_MS);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointermove', 'scroll']) {
    document.addEventListener(end, e => { if (end !== 'pointermove' || Math.hypot(e.movementX, e.movementY) > 4) clearTimeout(press); }, true);
  }
  document.addEventListener('contextmenu', e => { if (pressed && e.target.closest?.('.msg')) e.preventDefault(); });

  function reveal(el) {
    el.scrollIntoView({ block: 'center' });
    el.querySelector('.msg-box').animate([{ backgroundColor: 'var(--glow)', offset: 0 }], FLASH_MS);
    el.querySelector('[data-message-menu]')?.focus({ preventScroll: true });
  }

  // --- answering
  function answer(el) {
    stopEditing();
    const name = el.querySelector('.msg-name')?.textContent ?? '', line = bodyOf(el).split(/\s+/).join(' ').slice(0, 200);
    answering = { conversation: panel().dataset.conversation, id: el.id.slice(4), name, line };
    apply();
    composer()?.querySelector('textarea').focus();
  }
  function stopAnswering() {
    answering = undefined;
    apply();
  }

  // --- editing
  function edit(el) {
    answering = undefined;
    editing = { conversation: panel().dataset.conversation, id: el.id, url: el.querySelector('[data-message-menu]').getAttribute('href') };
    const field = document.querySelector('[data-edit-bar] textarea');
    field.value = bodyOf(el);
    apply();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
  function stopEditing(focus = false) {
    if (!editing) return;
    editing = undefined;
    apply();
    if (focus) composer()?.querySelector('textarea').focus();
  }
  async function save(form) {
    const { url } = editing, body = form.elements.body.value.trim();
    if (!body) return;
    const why = await post(url, { body }, true);
    if (editing?.url !== url) return;
    if (!why) return stopEditing(true);
    const error = form.querySelector('[data-edit-error]');
    error.textContent = why;
    error.hidden = false;
  }
  /** The bars follow what is going on in the conversation on the screen; pages are drawn without either. */
  function apply() {
    const here = panel(), reply = document.querySelector('[data-reply-bar]'), bar = document.querySelector('[data-edit-bar]');
    const id = here?.dataset.conversation;
    if (answering && answering.conversation !== id) answering = undefined;
    if (editing && (editing.conversation !== id || !message(editing.id)?.querySelector('[data-body]'))) editing = undefined;
    if (!reply || !bar) return;
    reply.hidden = !answering;
    reply.querySelector('[data-reply-name]').textContent = answering?.name ?? '';
    reply.querySelector('[data-reply-line]').textContent = answering?.line ?? '';
    const quoted = composer()?.elements.quoted_id;
    if (quoted) quoted.value = answering?.id ?? '';
    bar.hidden = !editing;
    here.toggleAttribute('data-editing', Boolean(editing));
    if (editing) return;
    const error = bar.querySelector('[data-edit-error]');
    error.hidden = true;
    error.textContent = '';
    bar.reset();
  }
  document.addEventListener('htmx:after:swap', () => { if (answering || editing) apply(); });
  document.addEventListener('crea:sent', () => { if (answering) stopAnswering(); });
  document.addEventListener('click', e => {
    if (e.target.closest?.('[data-reply-cancel]')) { stopAnswering(); composer()?.querySelector('textarea').focus(); }
    if (e.target.closest?.('[data-edit-cancel]')) stopEditing(true);
  });
  document.addEventListener('submit', e => {
    if (!e.target.matches('[data-edit-bar]')) return;
    e.preventDefault();
    e.stopPropagation();
    if (editing) save(e.target);
  }, true);
  document.addEventListener('keydown', e => {
    const field = e.target;
    if (e.isComposing || e.defaultPrevented) return;
    if (field.closest?.('[data-edit-bar]')) {
      if (e.key === 'Escape') { e.preventDefault(); stopEditing(true); }
      if (e.key === 'Enter' && field.matches('textarea') && !e.shiftKey && !e.altKey) { e.preventDefault(); field.form.requestSubmit(); }
      return;
    }
    if (field.matches?.('[data-composer] textarea')) {
      if (e.key === 'Escape' && answering) { e.preventDefault(); stopAnswering(); }
      if (e.key !== 'ArrowUp' || field.value || e.shiftKey) return;
      const last = [...document.querySelectorAll('.msgs > .msg')].filter(el => isEditable(el) && bodyOf(el)).pop();
      if (last) { e.preventDefault(); edit(last); }
    }
  });
})();
