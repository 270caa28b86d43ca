// Search while typing: Enter opens the first result, the arrow down goes to it.
//
// form[data-opens="#LIST"]: the list says by data-query for what it was drawn.
(() => {
  'use strict';
  const list = form => document.querySelector(form.dataset.opens);
  const first = form => list(form)?.querySelector('[data-roving] a[href]');
  const typed = form => new FormData(form).get('q') ?? '';

  document.addEventListener('submit', e => {
    const form = e.target.closest?.('form[data-opens]');
    // What is shown may be of what was typed before: then the page with the answer is loaded.
    if (!form || list(form)?.dataset.query !== typed(form)) return;
    const link = first(form);
    if (!link) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    link.click();
  }, true);
  document.addEventListener('keydown', e => {
    const form = e.key === 'ArrowDown' && e.target.matches?.('input[type=search]') && e.target.closest('form[data-opens]');
    const link = form && first(form);
    if (!link) return;
    e.preventDefault();
    link.focus();
  });
})();
