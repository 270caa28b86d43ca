// Mass messages: tells the server which have reached this screen, and rings for
// critical ones until they are confirmed.
//
// #critical[data-unreceived="ID ID"], `<hx-received of="ID">` in a frame,
// [data-rings="ID"] (a card that waits), `<hx-ring of="ID">` (a reminder).
// Of all tabs of this browser one rings: they agree by a lock and the time that
// is kept of the last ring. `crea:ring` tells that this one did.
(() => {
  'use strict';
  if (!document.getElementById('live')) return;
  const AGAIN_MS = 5 * 60 * 1000, LOOK_MS = 5000, MOST = 100, KEY = 'crea:rang:';
  const told = new Set(), owed = new Set();    // ids that the server was told of; ids that wait for a socket
  const send = detail => document.dispatchEvent(new CustomEvent('crea:send', { detail }));
  const isOpen = () => ['on', 'delayed'].includes(document.documentElement.dataset.live);

  // --- delivered
  function owe(ids) {
    for (const id of ids) if (id && !told.has(id)) owed.add(id);
    tell();
  }
  function tell() {
    if (!owed.size || !isOpen()) return;
    const received = [...owed].slice(0, MOST);
    for (const id of received) { owed.delete(id); told.add(id); }
    send({ received });
    if (owed.size) tell();
  }
  /** Where the message itself is open, its card would lie over it and say the same. */
  function makeRoom() {
    const open = document.querySelector('.talk[data-conversation]')?.dataset.conversation;
    for (const card of document.querySelectorAll('#critical [data-rings]')) card.style.display = card.dataset.rings === open ? 'none' : '';
  }
  const region = () => owe((document.getElementById('critical')?.dataset.unreceived ?? '').split(' '));

  // --- ringing
  let sound;
  const at = new Map();                        // the last ring by id in this tab: what is kept may be refused, or be full
  const read = key => { try { return Number(localStorage.getItem(key)) || 0; } catch { return 0; } };
  /** When it last rang; a time to come is of a clock that was set back since, and tells nothing. */
  const rang = id => Math.max(0, ...[at.get(id) ?? 0, read(KEY + id)].filter(time => time <= Date.now()));
  const note = (id, now) => { at.set(id, now); try { localStorage.setItem(KEY + id, String(now)); } catch { /* this tab alone then */ } };
  /** Forgets the rings of what waits no more, but for those that another tab may still ask for. */
  function forget() {
    const still = new Set(waiting());
    for (const id of at.keys()) if (!still.has(id)) at.delete(id);
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(KEY) && !still.has(key.slice(KEY.length)) && Math.abs(Date.now() - read(key)) > AGAIN_MS) localStorage.removeItem(key);
      }
    } catch { /* nothing is kept */ }
  }
  const waiting = () => [...document.querySelectorAll('#critical [data-rings]')].map(card => card.dataset.rings);

  /** Two short tones, twice; made here, so that no file is needed. Browsers keep silent until the person has acted. */
  function play() {
    try {
      sound ??= new AudioContext();
      if (sound.state === 'suspended') { sound.resume().catch(() => {}); return; }
      const start = sound.currentTime;
      [0, 0.18, 0.5, 0.68].forEach((delay, n) => {
        const tone = sound.createOscillator(), volume = sound.createGain();
        tone.frequency.value = n % 2 ? 660 : 880;
        volume.gain.setValueAtTime(0.0001, start + delay);
        volume.gain.exponentialRampToValueAtTime(0.25, start + delay + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.0001, start + delay + 0.16);
        tone.connect(volume).connect(sound.destination);
        tone.start(start + delay);
        tone.stop(start + delay + 0.17);
      });
    } catch { /* a browser without sound shows the card all the same */ }
  }
  async function ring(ids, again) {
    const due = id => Date.now() - rang(id) >= again;
    if (!ids.some(due)) return;
    const sounded = () => {
      const now = ids.filter(due);             // another tab may have rung while this one waited
      if (!now.length) return;
      for (const id of now) note(id, Date.now());
      play();
      document.dispatchEvent(new CustomEvent('crea:ring', { detail: { ids: now } }));
    };
    // Where storage is refused, locks are as well: then this tab rings for itself.
    if (navigator.locks) await navigator.locks.request('crea-ring', sounded).catch(sounded); else sounded();
  }

  htmx.registerExtension('crea-critical', {
    htmx_process_received: (tag, { ctx }) => { (ctx.received ??= []).push(tag.getAttribute('of')); },
    htmx_process_ring: (tag, { ctx }) => { (ctx.ring ??= []).push(tag.getAttribute('of')); },
    htmx_after_swap: (_, { ctx }) => {
      if (ctx.received) owe(ctx.received);
      if (ctx.ring) ring(ctx.ring, LOOK_MS);   // a reminder rings again; its copies in other tabs do not
    },
  });
  document.addEventListener('htmx:after:swap', () => { makeRoom(); region(); tell(); ring(waiting(), AGAIN_MS); });
  document.addEventListener('crea:open', () => setTimeout(tell));
  // The first act of the person lets the page sound: what has been waiting in silence rings once.
  addEventListener('pointerdown', () => { if (waiting().length && sound?.state === 'suspended') sound.resume().then(play); }, { once: true, capture: true });
  setInterval(() => ring(waiting(), AGAIN_MS), LOOK_MS);
  makeRoom();
  region();
  forget();
  ring(waiting(), AGAIN_MS);
})();
