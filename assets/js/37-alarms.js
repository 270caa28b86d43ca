// Alarms that ring: a sound and a notice of the system, as this device allows
// them (the choices of 35-notices.js), in a background tab too.
//
// #ringing [data-alarm="ID"][data-rung="MS"]: a card, until it is answered.
// Of all tabs of this browser one rings: it holds a lock for as long as the card
// is there. When it is closed, the time that is kept of the last ring tells the
// next one to stay quiet. A tab out of sight lets one in sight come first.
(() => {
  'use strict';
  const region = document.getElementById('ringing');
  if (!document.getElementById('live') || !region) return;
  const NOTICES = 'crea:notices', KEY = 'crea:alarm:', AGAIN_MS = 5 * 60 * 1000, LOOK_MS = 5000, YIELD_MS = 300;
  const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const here = new Map();                      // the last ring by key, where nothing can be kept
  const rang = key => Number(read(KEY + key)) || here.get(key) || 0;
  const note = key => { here.set(key, Date.now()); try { localStorage.setItem(KEY + key, String(Date.now())); } catch { /* this tab alone then */ } };
  const chosen = () => { try { return JSON.parse(read(NOTICES) ?? '{}'); } catch { return {}; } };
  const cards = () => [...document.querySelectorAll('#ringing [data-alarm]')];
  /** Each ring of an alarm: one that was put off rings anew. */
  const keyOf = card => `${card.dataset.alarm}:${card.dataset.rung}`;
  const inSight = () => document.visibilityState === 'visible' && document.hasFocus();
  const onCall = () => Boolean(document.querySelector('#agent-state summary .dot[data-state="on_call"]'));

  // --- sound: three rising tones, twice
  let audio;
  function play(volume) {
    try {
      audio ??= new AudioContext();
      audio.resume?.();
      [523, 659, 784, 523, 659, 784].forEach((tone, n) => {
        const at = audio.currentTime + n * 0.16 + (n > 2 ? 0.25 : 0), wave = audio.createOscillator(), loud = audio.createGain();
        wave.frequency.value = tone;
        loud.gain.setValueAtTime(0, at);
        loud.gain.linearRampToValueAtTime(volume / 250, at + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
        wave.connect(loud).connect(audio.destination);
        wave.start(at);
        wave.stop(at + 0.16);
      });
    } catch { /* a browser without sound shows the card all the same */ }
  }

  // --- which tab
  const held = new Map();                      // by key, what lets go of its lock
  /** Whether this tab is the one that rings for it. What another tab kept may come here late; a lock does not. */
  const claim = key => new Promise(answer => {
    if (!navigator.locks || held.has(key)) { answer(true); return; }
    navigator.locks.request(KEY + key, { ifAvailable: true }, lock => {
      answer(Boolean(lock));
      return lock ? new Promise(release => held.set(key, release)) : undefined;
    }).catch(() => answer(true));
  });

  // --- notices of the system, taken away with their card
  const notices = new Map();
  function notify(card) {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const link = card.querySelector('.alarm-title');
    const notice = new Notification(region.dataset.system, { body: link.textContent, tag: `alarm-${card.dataset.alarm}` });
    notice.onclick = () => { window.focus(); notice.close(); link.click(); };
    notices.set(keyOf(card), notice);
  }
  function forget() {
    const keys = new Set(cards().map(keyOf));
    for (const [key, notice] of notices) if (!keys.has(key)) { notice.close(); notices.delete(key); }
    for (const [key, release] of held) if (!keys.has(key)) { release(); held.delete(key); }
    for (const key of here.keys()) if (!keys.has(key)) here.delete(key);
    try {
      // What another tab's card has not reached this one yet has rung a moment ago.
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(KEY) && !keys.has(key.slice(KEY.length)) && Date.now() - Number(localStorage.getItem(key)) > AGAIN_MS) localStorage.removeItem(key);
      }
    } catch { /* nothing is kept */ }
  }

  async function ring() {
    const isDue = card => card.isConnected && Date.now() - rang(keyOf(card)) >= AGAIN_MS;
    const due = cards().filter(isDue);
    if (!due.length) return;
    if (!inSight()) await new Promise(go => setTimeout(go, YIELD_MS));
    const mine = await Promise.all(due.map(card => claim(keyOf(card))));
    const now = due.filter((card, n) => mine[n] && isDue(card));
    if (!now.length) return;
    for (const card of now) note(keyOf(card));
    const { sound, system, volume = 50, calls = true } = chosen();
    if (calls && onCall()) return;
    if (sound) play(volume);
    if (system && !inSight()) for (const card of now) notify(card);
  }

  const look = () => { forget(); ring(); };
  new MutationObserver(look).observe(region, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-rung'] });
  setInterval(look, LOOK_MS);
  document.addEventListener('pointerdown', () => { if (chosen().sound) { audio ??= new AudioContext(); audio.resume?.(); } }, { once: true });
  look();
})();
