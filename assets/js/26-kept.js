// What a tab keeps over a reload: per person, in this tab only.
//
// crea.kept.get(key, fallback), .set(key, value) (empty text and null take away);
// signing out leaves nothing to who uses the tab next
(() => {
  'use strict';
  const name = key => `crea:${document.body.dataset.me ?? ''}:${key}`;
  const kept = {
    get(key, fallback) {
      try { return JSON.parse(sessionStorage.getItem(name(key))) ?? fallback; } catch { return fallback; }
    },
    set(key, value) {
      try {
        if (value === '' || value == null) sessionStorage.removeItem(name(key));
        else sessionStorage.setItem(name(key), JSON.stringify(value));
      } catch { /* storage may be refused: then a reload forgets */ }
    },
  };
  document.addEventListener('submit', e => {
    if (!e.target.matches('form[action="/sign-out"]')) return;
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith('crea:')) sessionStorage.removeItem(key);
    } catch { /* then nothing was kept */ }
  }, true);
  globalThis.crea = Object.freeze({ kept: Object.freeze(kept) });
})();
