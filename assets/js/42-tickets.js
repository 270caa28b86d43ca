// Tickets with the keyboard, and the ticks of their list.
//
// In the list: j and k go from ticket to ticket (Enter opens the one in focus), x ticks it, a gives it or what is ticked
// to somebody, s and r open it at its states or its answer. On a ticket's page a, s and r go to these forms.
// `.ticket-link`, `.ticket-tick`, `[data-tick-all]`, `[data-tick-none]`, `[data-bulk-done]` (what
// came of a change), `[data-bulk-close]`, `a[data-elsewhere]` (of a toast: not for who is there).
(() => {
  'use strict';
  const ticked = new Set();                    // ids; they outlive a list that is drawn anew
  const told = new WeakSet();                  // outcomes after which the ticks were taken away
  let wanted = '';                             // the key that opened a ticket, until its page is there
  const typing = el => el?.isContentEditable || el?.matches?.('input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select');
  const links = () => [...document.querySelectorAll('.data-table .ticket-link')];
  const boxes = () => [...document.querySelectorAll('.ticket-tick')];
  const current = () => document.activeElement?.closest?.('.data-table tr');

  function tick(box, on) {
    box.checked = on;
    if (on) ticked.add(box.value); else ticked.delete(box.value);
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
  function walk(step) {
    const all = links(), at = all.indexOf(current()?.querySelector('.ticket-link'));
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(at + step, all.length - 1))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return Boolean(next);
  }
  /** To the form of a ticket's page that a key stands for. */
  function enter(key) {
    const form = document.querySelector({ a: '#main form[action$="/assignment"]', s: '#main form[action$="/state"]', r: '#main form[action$="/comments"]' }[key]);
    if (!form) return false;
    for (let menu = form.closest('details'); menu; menu = menu.parentElement.closest('details')) menu.open = true;
    const field = form.querySelector({ a: 'select', s: 'summary,button', r: 'textarea' }[key]);
    field?.focus();
    field?.scrollIntoView({ block: 'nearest' });
    return Boolean(field);
  }
  function open(key) {
    const link = current()?.querySelector('.ticket-link');
    if (!link) return false;
    wanted = key;
    link.click();
    return true;
  }
  function assign() {
    const box = current()?.querySelector('.ticket-tick');
    if (box && !boxes().some(one => one.checked)) tick(box, true);
    const field = boxes().some(one => one.checked) && document.querySelector('.bulk select[name=assignee]');
    field?.focus?.();
    return Boolean(field) || open('a');
  }
  function act(key) {
    if (!links().length) return 'asr'.includes(key) && enter(key);
    if (key === 'j' || key === 'k') return walk(key === 'j' ? 1 : -1);
    if (key === 'a') return assign();
    if (key === 's' || key === 'r') return open(key);
    const box = key === 'x' && current()?.querySelector('.ticket-tick');
    if (box) tick(box, !box.checked);
    return Boolean(box);
  }

  document.addEventListener('keydown', e => {
    if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    if (!'jkxasr'.includes(e.key) || typing(e.target) || document.querySelector('dialog:modal')) return;
    if (act(e.key)) e.preventDefault();
  });
  document.addEventListener('change', e => {
    if (e.target.matches?.('.ticket-tick')) ticked[e.target.checked ? 'add' : 'delete'](e.target.value);
  });
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-tick-all],[data-tick-none]');
    e.target.closest?.('[data-bulk-close]')?.parentElement.replaceChildren();
    if (button) for (const box of boxes()) tick(box, button.matches('[data-tick-all]'));
  });
  /** What the page says itself needs no toast. */
  function hush() {
    if (document.visibilityState !== 'visible') return;
    for (const link of document.querySelectorAll('.toasts a[data-elsewhere]')) {
      if (link.pathname === location.pathname) link.closest('.notice')?.remove();
    }
  }
  document.addEventListener('htmx:after:swap', () => {
    hush();
    const done = document.querySelector('[data-bulk-done]');
    if (done && !told.has(done)) { told.add(done); for (const box of boxes()) tick(box, false); ticked.clear(); }
    if (!document.querySelector('.bulk')) ticked.clear();
    for (const box of boxes()) box.checked = ticked.has(box.value);
    if (wanted && /^\/tickets\/[0-9a-f-]{36}$/.test(location.pathname) && enter(wanted)) wanted = '';
  });
})();
