// Copies what a field holds; the button says so for two seconds.
//
// button[data-copy="id of the field"][data-copied="words"] > span
(() => {
  'use strict';
  const SAID_MS = 2000;
  document.addEventListener('click', async e => {
    const button = e.target.closest?.('[data-copy]');
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    // Without https there is no clipboard to write to: the old way copies what is selected.
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand('copy'); }
    const words = button.querySelector('span'), before = words.textContent;
    if (before === button.dataset.copied) return;
    words.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, SAID_MS);
  });
})();
