// Ordered lists and open things.
//
// `hx-swap="place"` puts each element of an answer where its `data-sort` belongs
// among the children of the target: a new one is inserted, a known one (same id)
// is morphed and, if its key changed, moved without losing focus or typed text.
// The morph hook keeps open what a person opened: details, dialogs.
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
      return fresh;
    }
    const one = document.createDocumentFragment();
    one.append(fresh);
    api.morph(row, one, false);
    row = document.getElementById(fresh.id);
    if (!sits(row)) {
      const next = successor(list, row);
      if (list.moveBefore) list.moveBefore(row, next); else list.insertBefore(row, next);
    }
    return row;
  }

  htmx.registerExtension('crea-place', {
    init: internal => { api = internal; },
    handle_swap: (style, list, fragment) => {
      if (style !== 'place') return false;
      const placed = [...fragment.children].map(el => place(list, el));
      // A list that shows so many and no more shows them live as well.
      while (list.children.length > Number(list.dataset.max ?? Infinity)) list.lastElementChild.remove();
      return placed;
    },
    htmx_before_morph_attr: (el, { attrName }) => !(attrName === 'open' && el.matches('details,dialog')),
  });
})();
