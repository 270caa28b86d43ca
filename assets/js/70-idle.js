// Idle: five minutes without a key, click or move in any tab of this browser are
// told to the server, and so is the first sign of life after them: a page, too.
(() => {
  'use strict';
  if (!document.getElementById('live')) return;
  const IDLE_MS = 5 * 60 * 1000, KEY = 'crea:active', EVERY_MS = 5000;
  let here = Date.now(), idle = false, greeted = false;

  const anywhere = () => { try { return Math.max(here, Number(localStorage.getItem(KEY)) || 0); } catch { return here; } };
  const tell = () => document.dispatchEvent(new CustomEvent('crea:send', { detail: { idle } }));
  function check() {
    const now = Date.now() - anywhere() >= IDLE_MS;
    if (now === idle) return;
    idle = now;
    tell();
  }
  function active() {
    const now = Date.now();
    if (!idle && now - here < EVERY_MS) return;
    here = now;
    try { localStorage.setItem(KEY, String(now)); } catch { /* this tab alone then */ }
    check();
  }
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart']) addEventListener(name, active, { passive: true, capture: true });
  addEventListener('storage', e => { if (e.key === KEY) check(); });
  // A page that opens is a sign of life, also for who went away and closed the last one; a reconnect is none.
  document.addEventListener('crea:open', () => {
    if (idle || !greeted) tell();
    greeted = true;
  });
  setInterval(check, EVERY_MS);
  active();
})();
