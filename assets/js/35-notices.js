// Notices of new messages: a toast in the tab one works in; a notice of the
// system and a sound on this device, once the person has allowed them.
//
// A new message is a counter of the dock that rose by a push (#du-ID, quiet when
// it says data-muted) and a row that says who wrote what. Being named breaks the
// quiet. Nothing is said of a conversation that somebody looks at in any tab.
// Of all tabs one leads (a lock of the browser): it alone makes system notices
// and sounds; the others tell it what they show.
//
// [data-notices] is the card of choices; template#notice-template the toast.
(() => {
  'use strict';
  const KEY = 'crea:notices', FRESH_MS = 120000, GAP_MS = 1500, NAMED_MS = 5000;
  const ANSWER_MS = 1000;                      // a tab that does not answer for so long is gone or asleep
  if (!document.getElementById('live')) return;
  const me = document.body.dataset.me;

  // --- choices of this device
  const chosen = () => {
    try { return { system: false, sound: false, volume: 50, calls: true, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }; } catch { return { volume: 50 }; }
  };
  const choose = change => { try { localStorage.setItem(KEY, JSON.stringify({ ...chosen(), ...change })); } catch { /* this page alone */ } };
  const mayShow = () => 'Notification' in window && Notification.permission === 'granted';

  // --- what the tabs show, and which of them leads
  const tab = Math.random().toString(36).slice(2);
  const shown = new Map();                     // tab → { open, focused }
  const inquiries = new Set();                 // each hears which tab has spoken
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(KEY) : null;
  let leads = !navigator.locks;
  navigator.locks?.request(KEY, () => { leads = true; channel?.postMessage({ ask: true }); return new Promise(() => {}); }).catch(() => {});
  const here = () => {
    const focused = document.visibilityState === 'visible' && document.hasFocus();
    return { open: focused ? document.querySelector('[data-conversation]')?.dataset.conversation ?? null : null, focused };
  };
  function tell() {
    shown.set(tab, here());
    channel?.postMessage({ tab, ...here() });
  }
  channel?.addEventListener('message', ({ data }) => {
    if (data.ask) tell(); else if (data.gone) shown.delete(data.tab); else shown.set(data.tab, data);
    for (const inquiry of inquiries) inquiry(data.tab);
  });
  for (const name of ['focus', 'blur']) addEventListener(name, tell);
  document.addEventListener('visibilitychange', tell);
  addEventListener('pagehide', () => channel?.postMessage({ tab, gone: true }));

  // --- sound: two soft tones; three, higher, for who is named
  let audio;
  function ring(isMention) {
    const { volume } = chosen();
    audio ??= new AudioContext();
    audio.resume?.();
    const tones = isMention ? [880, 1175, 880] : [660, 880];
    tones.forEach((tone, n) => {
      const at = audio.currentTime + n * 0.14, wave = audio.createOscillator(), loud = audio.createGain();
      wave.frequency.value = tone;
      loud.gain.setValueAtTime(0, at);
      loud.gain.linearRampToValueAtTime(volume / 400, at + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
      wave.connect(loud).connect(audio.destination);
      wave.start(at);
      wave.stop(at + 0.32);
    });
  }

  // --- saying it
  const isOnCall = () => Boolean(document.querySelector('#agent-state summary .dot[data-state="on_call"]'));
  function toast({ name, line, href }) {
    const item = document.getElementById('notice-template')?.content.firstElementChild.cloneNode(true);
    if (!item) return;
    const link = item.querySelector('a');
    link.setAttribute('href', href);
    link.querySelector('strong').textContent = name;
    link.querySelector('span').textContent = line;
    // One toast a conversation: the newest line.
    document.querySelector(`#toasts a[href="${CSS.escape(href)}"]`)?.closest('[data-toast]')?.remove();
    document.getElementById('toasts').append(item);
    htmx.process(item);
  }
  function notify({ id, name, line, href }) {
    const notice = new Notification(name, { body: line, tag: id, icon: document.querySelector('link[rel=icon]')?.dataset.plainHref });
    notice.onclick = () => {
      window.focus();
      notice.close();
      const link = document.querySelector(`#d-${id} a`);
      if (link) link.click(); else location.assign(href);
    };
  }
  let rang = 0;
  // What waits for a confirmation says so by its card, and rings by itself.
  const isCritical = id => document.querySelector(`#critical [data-rings="${CSS.escape(id)}"]`) !== null;
  function say(message) {
    const { open } = here();
    if (!isCritical(message.id) && document.visibilityState === 'visible' && document.querySelector('[data-conversation]')?.dataset.conversation !== message.id) toast(message);
    if (!leads || open === message.id) return;
    inquire(() => decide(message));
  }
  /** Goes on once every known tab has said what it shows; those that closed without a word are forgotten. */
  function inquire(then) {
    tell();
    const waiting = new Set([...shown.keys()].filter(id => id !== tab));
    const end = () => {
      clearTimeout(late);
      inquiries.delete(answered);
      for (const id of waiting) shown.delete(id);
      then();
    };
    const answered = id => { if (waiting.delete(id) && !waiting.size) end(); };
    const late = setTimeout(end, waiting.size ? ANSWER_MS : 0);
    inquiries.add(answered);
    channel?.postMessage({ ask: true });
  }
  function decide(message) {
    if ([...shown.values()].some(({ open }) => open === message.id)) return;
    const { system, sound, calls } = chosen();
    if (calls && isOnCall()) return;
    if (system && mayShow() && ![...shown.values()].some(({ focused }) => focused)) notify(message);
    if (sound && !isCritical(message.id) && Date.now() - rang > GAP_MS) { rang = Date.now(); ring(message.mention); }
  }

  // --- hearing of it
  const counters = () => new Map([...document.querySelectorAll('#dock-conversations [id^="du-"]')].map(el => [el.id.slice(3), Number(el.dataset.count)]));
  const words = el => [...el?.childNodes ?? []].map(part => (part.nodeType === Node.TEXT_NODE ? part.data : part.matches?.(`.only,[data-person="${me}"],.icon`) ? '' : words(part))).join('');
  function read(id) {
    const row = document.getElementById(`d-${id}`), time = row?.querySelector('time')?.dateTime;
    if (!row || Date.now() - Date.parse(time) > FRESH_MS) return null;   // a replay of what was missed is no news
    const who = [...row.querySelectorAll('.conv-name')].find(el => el.dataset.person !== me);
    return {
      id, href: row.querySelector('a').getAttribute('href'), name: words(who).trim(), line: words(row.querySelector('.conv-last')).trim(),
      muted: row.querySelector('.unread')?.hasAttribute('data-muted'), mention: Date.now() - (named.get(id) ?? 0) < NAMED_MS,
    };
  }
  let before;
  const named = new Map();                     // conversation → when a message in it named the person: its counter follows in a frame of its own
  htmx.registerExtension('crea-notices', {
    htmx_before_swap: (_, { ctx, tasks }) => {
      if (ctx.sourceElement?.id !== 'live') return;
      before = counters();
      for (const part of tasks ?? []) {
        const target = typeof part.target === 'string' ? part.target : `#${part.target?.id}`;
        if (target.startsWith('#m-') && part.fragment?.querySelector?.(`[data-mentions~="${CSS.escape(me)}"]`)) named.set(target.slice(3), Date.now());
      }
    },
    htmx_after_swap: (_, { ctx }) => {
      if (ctx.sourceElement?.id !== 'live') { setTimeout(tell); return; }
      if (!before) return;
      for (const [id, count] of counters()) {
        if (count <= (before.get(id) ?? 0)) continue;
        const message = read(id);
        named.delete(id);
        if (message && (!message.muted || message.mention)) say(message);
      }
      before = undefined;
    },
  });

  // --- the card
  function draw() {
    const card = document.querySelector('[data-notices]');
    if (!card) return;
    const now = chosen();
    for (const field of card.querySelectorAll('[name]')) {
      if (field.type === 'checkbox') field.checked = Boolean(now[field.name]) && (field.name !== 'system' || mayShow()); else field.value = now[field.name];
    }
    const state = !('Notification' in window) ? 'none' : Notification.permission;
    for (const line of card.querySelectorAll('[data-when]')) line.hidden = line.dataset.when !== state;
    card.hidden = false;
  }
  document.addEventListener('change', async ({ target }) => {
    if (!target.closest?.('[data-notices]')) return;
    const value = target.type === 'checkbox' ? target.checked : Number(target.value);
    if (target.name === 'system' && value && !mayShow() && 'Notification' in window) await Notification.requestPermission();
    choose({ [target.name]: target.name === 'system' ? value && mayShow() : value });
    if (target.name === 'volume' || (target.name === 'sound' && value)) ring(false);
    draw();
  });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('[data-notices-test]');
    if (!button) return;
    const sample = { id: 'test', name: button.dataset.name, line: button.dataset.line, href: '/account' };
    toast(sample);
    if (chosen().sound) ring(false);
    if (chosen().system && mayShow()) notify(sample);
  });
  // A browser lets a page sound once a person has touched it.
  document.addEventListener('pointerdown', () => { if (chosen().sound) { audio ??= new AudioContext(); audio.resume?.(); } }, { once: true });
  document.addEventListener('htmx:after:swap', draw);
  draw();
  tell();
})();
