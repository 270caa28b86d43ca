// Marks in a list what was looked for, and leaves the page as it is: a row is the same on every screen, drawn or pushed.
//
// .list[data-found="WORDS"]: what names its rows (`tbody th a`). The rule is the server's (`src/db/search.rs`): runs of
// letters and digits, in lower case and without accents, that begin with a word that was typed.
(() => {
  'use strict';
  if (!window.Highlight || !CSS.highlights) return;
  const RUNS = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
  const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

  /** The ranges under `root` whose words begin with one of `terms`. */
  function* ranges(root, terms) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      for (const { 0: run, index } of node.data.matchAll(RUNS)) {
        if (!terms.some(term => fold(run).startsWith(term))) continue;
        const range = new Range();
        range.setStart(node, index);
        range.setEnd(node, index + run.length);
        yield range;
      }
    }
  }
  function mark() {
    const found = new Highlight();
    for (const list of document.querySelectorAll('.list[data-found]')) {
      const terms = fold(list.dataset.found).match(RUNS) ?? [];
      if (!terms.some(term => term.length > 1)) continue;      // too little to look for
      for (const name of list.querySelectorAll('tbody th a')) for (const range of ranges(name, terms)) found.add(range);
    }
    if (found.size) CSS.highlights.set('found', found); else CSS.highlights.delete('found');
  }
  document.addEventListener('htmx:after:swap', mark);
  mark();
})();
