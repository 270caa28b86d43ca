// Ordered lists and open things.
//
// `hx-swap="place"` puts each element of an answer where its `data-sort` belongs
// among the children of the target: a new one is inserted, a known one (same id)
// is morphed and, if its key changed, moved without losing focus or typed text.
// The morph hook keeps open what a person opened: details, dialogs. What a push
// brought or changed glows once: rows by their key, counters by their number.
(() => {
  'use strict';
  let api;
  const order = new Intl.Collator('en', { numeric: true }).compare;
  const key = el => el.dataset.sort ?? '';
  const sorted = (a, b) => !a || !b || order(key(a), key(b)) <= 0;
  const sits = el => sorted(el.previousElementSibling, el) && sorted(el, el.nextElementSibling);

  /** The first child that sorts after `el`. */
  function successor(list, el) {
    const rows = [...list.children].filter(row => row !== el);
    let low = 0, high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(key(rows[middle]), key(el)) <= 0) low = middle + 1; else high = middle;
    }
    return rows[low] ?? null;
  }

  /** Places one element and returns what htmx shall process. */
  function place(list, fresh) {
    let row = fresh.id && document.getElementById(fresh.id);
    if (!row || row.parentElement !== list) {
      row?.remove();
      list.insertBefore(fresh, successor(list, fresh));
      changed.add(fresh);
      return fresh;
    }
    const was = key(row);
    const one = document.createDocumentFragment();
    one.append(fresh);
    api.morph(row, one, false);
    row = document.getElementById(fresh.id);
    if (key(row) !== was && !row.dataset.sender) changed.add(row);
    if (!sits(row)) {
      const next = successor(list, row);
      if (list.moveBefore) list.moveBefore(row, next); else list.insertBefore(row, next);
    }
    return row;
  }

  /** A list that shows so many and no more shows them live as well, but nobody loses the row they are on. */
  function trim(list) {
    const most = Number(list.dataset.max ?? Infinity);
    while (list.children.length > most && !list.lastElementChild.contains(document.activeElement)) list.lastElementChild.remove();
  }

  // --- the glow: an animation leaves no trace in the page and no morph stops it
  const GLOW_MS = 1000;
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const changed = new Set();                   // rows of the swap that is going on
  const isPush = ctx => ctx.sourceElement?.id === 'live';
  const counters = () => document.querySelectorAll('[data-count][id]');
  const glow = (el, from) => el.animate([{ ...from, offset: 0 }], GLOW_MS);

  htmx.registerExtension('crea-place', {
    init: internal => { api = internal; },
    handle_swap: (style, list, fragment) => {
      if (style !== 'place') return false;
      const placed = [...fragment.children].map(el => place(list, el));
      trim(list);
      return placed;
    },
    htmx_before_swap: (_, { ctx }) => {
      changed.clear();
      if (isPush(ctx)) ctx.counts = new Map([...counters()].map(el => [el.id, el.dataset.count]));
    },
    htmx_after_swap: (_, { ctx }) => {
      if (!ctx.counts || still.matches) return;
      for (const row of changed) glow(row.querySelector('[data-glow]') ?? row, { backgroundColor: 'var(--glow)' });
      for (const el of counters()) {
        if (ctx.counts.get(el.id) !== el.dataset.count) glow(el, { boxShadow: '0 0 0 4px var(--glow)' });
      }
    },
    htmx_before_morph_attr: (el, { attrName }) => !(attrName === 'open' && el.matches('details,dialog')),
  });
})();
