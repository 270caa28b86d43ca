// Lists that are filtered, paged or sorted: nothing is pushed into them.
//
// `<hx-changed of="KEY">` in a frame says that what KEY names has changed. Every
// `[data-list~="KEY"]` then fetches its page again and is morphed from it, at most
// once a second, a little apart from other screens. While somebody works in it
// (a field in focus, a row ticked or held, a menu open) its pill `[data-changed-pill]` says so
// instead; a hidden tab fetches when it is looked at.
(() => {
  'use strict';
  const EVERY_MS = 1000, JITTER_MS = 300, GONE = [401, 403, 404, 410];
  const due = new Map();                       // id of a list → its timer, or 0 while it waits for the person
  const last = new Map();                      // id of a list → when it was fetched

  const works = list => list.contains(document.activeElement) && document.activeElement.matches('input,select,textarea,[contenteditable]')
    || list.querySelector('input[type="checkbox"]:checked:not(.filters *,.menu-panel *),details[data-menu][open],[data-held]') !== null;
  const pill = (list, shown) => { const button = list.querySelector('[data-changed-pill]'); if (button) button.hidden = !shown; };

  function changed(list) {
    if (due.get(list.id)) return;
    if (document.visibilityState === 'hidden') { due.set(list.id, 0); return; }
    const since = Date.now() - (last.get(list.id) ?? 0);
    due.set(list.id, setTimeout(go, Math.max(0, EVERY_MS - since) + Math.random() * JITTER_MS, list.id));
  }
  function go(id) {
    due.delete(id);
    const list = document.getElementById(id);
    if (!list) return;
    if (works(list)) wait(list); else draw(id);
  }
  function wait(list) { due.set(list.id, 0); pill(list, true); }
  async function draw(id, attempt = 0, asked = false) {
    const address = location.href;
    last.set(id, Date.now());
    try {
      const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'full', 'HX-Current-URL': address, Accept: 'text/html' };
      const answer = await fetch(address, { headers, signal: AbortSignal.timeout(20000) });
      if (GONE.includes(answer.status)) { document.dispatchEvent(new CustomEvent('crea:reset')); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(id);
      if (!answer.ok || !fresh) throw new Error(`status ${answer.status}`);
      if (address !== location.href) return;
      const list = document.getElementById(id);
      if (!asked && list && works(list)) { wait(list); return; }   // somebody began while it was fetched
      // What the person unfolded stays so.
      for (const fold of list?.querySelectorAll('details[id][open]') ?? []) fresh.querySelector(`#${CSS.escape(fold.id)}`)?.setAttribute('open', '');
      const text = `<hx-partial hx-target="#${id}" hx-swap="outerMorph">${fresh.outerHTML}</hx-partial>`;
      await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text });
    } catch {
      if (attempt < 5) setTimeout(draw, 1000 * 2 ** attempt, id, attempt + 1, asked);
    }
  }
  /** What waited for the person. */
  function resume() {
    if (document.visibilityState === 'hidden') return;
    for (const [id, timer] of [...due]) if (timer === 0) go(id);   // `go` may put it back
  }

  htmx.registerExtension('crea-lists', {
    htmx_process_changed: (tag, { ctx }) => { (ctx.changed ??= []).push(tag.getAttribute('of')); },
    htmx_after_swap: (_, { ctx }) => {
      for (const key of ctx.changed ?? []) {
        for (const list of document.querySelectorAll(`[data-list~="${CSS.escape(key)}"][id]`)) changed(list);
      }
    },
  });
  document.addEventListener('visibilitychange', resume);
  document.addEventListener('focusout', () => setTimeout(resume));
  document.addEventListener('change', () => setTimeout(resume));
  document.addEventListener('click', e => {
    const list = e.target.closest?.('[data-changed-pill]')?.closest('[data-list]');
    if (!list) return;
    due.delete(list.id);
    draw(list.id, 0, true);
  });
})();
