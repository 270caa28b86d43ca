// The connection bar: `html[data-live]` says off, on, delayed or revoked; a
// connection that comes back within a second was never seen to be gone.
//
// [data-live-age="…{n}…"] tells how old the last word is; html[data-live-recovered]
// stands for two seconds after an outage.
(() => {
  'use strict';
  if (!document.getElementById('live')) return;
  const GRACE_MS = 1000, RECOVERED_MS = 2000;
  const root = document.documentElement;
  let dark, heard = Date.now();

  function show(state) {
    clearTimeout(dark);
    dark = undefined;
    if (root.dataset.live === state) return;
    const wasLost = root.dataset.live === 'off';
    root.dataset.live = state;
    if (wasLost && state !== 'revoked') {
      root.dataset.liveRecovered = '';
      setTimeout(() => delete root.dataset.liveRecovered, RECOVERED_MS);
    }
    age();
  }
  function age() {
    const seconds = String(Math.round((Date.now() - heard) / 1000));
    for (const place of document.querySelectorAll('[data-live-age]')) {
      const text = (place.dataset.liveAge || '{n}').replace(/\{\w+\}/, seconds);
      if (place.textContent !== text) place.textContent = text;
    }
  }
  document.addEventListener('crea:state', ({ detail }) => {
    heard = detail.heard ?? heard;
    if (detail.state !== 'lost') show(detail.state);
    else if (root.dataset.live !== 'off') dark ??= setTimeout(show, GRACE_MS, 'off');
  });
  setInterval(() => { if (root.dataset.live !== 'on') age(); }, 1000);
})();
