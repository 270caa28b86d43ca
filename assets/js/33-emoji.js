// Choosing an emoji: a click or Enter puts it where the caret is, words of either
// language find it, arrows walk.
//
// details[data-emoji-picker] with [data-emoji-search], [data-emoji-group] holding
// button[data-emoji="👍"][data-words], [data-emoji-none]
(() => {
  'use strict';
  const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const search = picker => picker.querySelector('[data-emoji-search]');
  const visible = picker => [...picker.querySelectorAll('[data-emoji]')].filter(button => !button.hidden);

  function filter(picker) {
    const wanted = fold(search(picker).value).split(/\s+/).filter(Boolean);
    for (const button of picker.querySelectorAll('[data-emoji]')) {
      const words = fold(button.dataset.words).split(' ');
      button.hidden = !wanted.every(part => words.some(word => word.startsWith(part)));
    }
    for (const group of picker.querySelectorAll('[data-emoji-group]')) group.hidden = !group.querySelector('[data-emoji]:not([hidden])');
    picker.querySelector('[data-emoji-none]').hidden = visible(picker).length > 0;
  }
  /** Shift keeps the picker open for the next one. */
  function choose(picker, button, stay) {
    const field = picker.closest('form').querySelector('textarea');
    field.setRangeText(button.dataset.emoji, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    if (stay) return;
    picker.open = false;
    field.focus();
  }
  /** The button above or below: the nearest one of the next row. */
  function across(buttons, from, direction) {
    const box = from.getBoundingClientRect(), rows = buttons.map(button => [button, button.getBoundingClientRect()]);
    const beyond = rows.filter(([, r]) => (direction > 0 ? r.top > box.top + 2 : r.top < box.top - 2));
    if (!beyond.length) return null;
    const row = direction > 0 ? Math.min(...beyond.map(([, r]) => r.top)) : Math.max(...beyond.map(([, r]) => r.top));
    const near = beyond.filter(([, r]) => Math.abs(r.top - row) < 2).sort(([, a], [, b]) => Math.abs(a.left - box.left) - Math.abs(b.left - box.left));
    return near[0][0];
  }
  function walk(picker, e) {
    const buttons = visible(picker), at = buttons.indexOf(e.target);
    if (e.target === search(picker)) {
      if (e.key === 'Enter') { if (buttons[0]) choose(picker, buttons[0], e.shiftKey); return true; }
      if (e.key !== 'ArrowDown') return false;
      buttons[0]?.focus();
      return true;
    }
    if (at < 0) return false;
    const next = {
      ArrowRight: () => buttons[at + 1], ArrowLeft: () => buttons[at - 1], Home: () => buttons[0], End: () => buttons.at(-1),
      ArrowDown: () => across(buttons, e.target, 1), ArrowUp: () => across(buttons, e.target, -1) ?? search(picker),
    }[e.key];
    if (!next) return false;
    next()?.focus();
    return true;
  }

  document.addEventListener('toggle', e => {
    if (!e.target.matches?.('[data-emoji-picker]') || !e.target.open) return;
    search(e.target).value = '';
    filter(e.target);
    search(e.target).focus();
  }, true);
  document.addEventListener('input', e => { if (e.target.matches?.('[data-emoji-search]')) filter(e.target.closest('[data-emoji-picker]')); });
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-emoji]');
    if (button) choose(button.closest('[data-emoji-picker]'), button, e.shiftKey);
  });
  document.addEventListener('keydown', e => {
    const picker = e.target.closest?.('[data-emoji-picker]');
    if (picker && !e.isComposing && walk(picker, e)) e.preventDefault();
  }, true);
})();
