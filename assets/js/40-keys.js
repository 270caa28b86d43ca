// Keys: `/` search, `g` and a letter to go, `?` help, Escape closes, arrows walk
// through a list or an open menu, Ctrl+Enter sends a form that is stored once (`form[data-once]`).
//
// [data-search] (the field), a[data-go="h"], dialog#keys, [data-open-dialog="keys"],
// [data-close-dialog], [data-roving] (a list of links), details[data-menu] (its `.menu-item`)
(() => {
  'use strict';
  const GO_MS = 1500;
  let going = 0;
  const typing = el => el?.isContentEditable || el?.matches?.('input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select');
  const help = () => document.getElementById('keys');

  function walk(e) {
    const list = e.target.closest?.('[data-roving],details[data-menu][open]');
    if (!list || !['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(e.key) || typing(e.target)) return false;
    const links = [...list.querySelectorAll(list.matches('[data-menu]') ? '.menu-item' : 'a[href]')].filter(link => link.getClientRects().length);
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[e.key];
    links[Math.max(0, Math.min(to, links.length - 1))]?.focus();
    return true;
  }
  function act(e) {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      const form = e.target.closest?.('form[data-once]');
      form?.requestSubmit();
      return !!form;
    }
    if (e.key === 'Escape') {
      for (const menu of document.querySelectorAll('details[data-menu][open]')) {
        menu.open = false;
        menu.querySelector('summary')?.focus();
      }
      if (e.target.matches?.('[data-search], form[data-composer] textarea')) e.target.blur();
      return false;
    }
    if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog:modal')) return false;
    if (going && Date.now() - going < GO_MS) {
      going = 0;
      const link = document.querySelector(`a[data-go="${CSS.escape(e.key.toLowerCase())}"]`);
      link?.click();
      return Boolean(link);
    }
    if (e.key === '/') { const field = document.querySelector('[data-search]'); field?.focus(); field?.select(); return Boolean(field); }
    if (e.key === 'g') { going = Date.now(); return true; }
    if (e.key === '?' && help()) { help().showModal(); return true; }
    return walk(e);
  }

  document.addEventListener('keydown', e => { if (!e.defaultPrevented && !e.isComposing && act(e)) e.preventDefault(); });
  document.addEventListener('click', e => {
    const opener = e.target.closest?.('[data-open-dialog]');
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
    if (e.target.matches?.('dialog') || e.target.closest?.('[data-close-dialog]')) e.target.closest('dialog')?.close();
  });
})();
