// Canned answers: a button[data-macro] of a form puts its words where the caret is,
// instead of what is selected. What was typed stays; without scripts the same button
// sends the form, and the page comes back with the words after it.
(() => {
  'use strict';
  async function put(button) {
    const form = button.form, field = form.elements.body;
    const body = new URLSearchParams({ macro: button.value });
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' };
    const answer = await fetch(button.formAction, { method: 'POST', headers, body }).catch(() => null);
    if (!answer?.ok) { document.dispatchEvent(new CustomEvent('crea:network')); return; }
    const words = await answer.text(), { selectionStart, selectionEnd, value } = field;
    const before = value.slice(0, selectionStart);
    field.setRangeText(before && !/\s$/.test(before) ? `\n${words}` : words, selectionStart, selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  }
  document.addEventListener('click', e => {
    const button = e.target.closest?.('button[data-macro]');
    if (!button) return;
    e.preventDefault();
    button.closest('details').open = false;
    put(button);
  }, true);
})();
