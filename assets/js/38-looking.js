// Who else looks at a ticket now: said when one comes, every 20 seconds, and when
// one goes; shown for a little longer than that.
//
// `<hx-looking at="TICKET" by="ID" name="…" initials="…" photo="…" how="comes|stays|goes">`
// fills p[data-looking="TICKET"] behind its data-words. Whoever hears somebody come
// says that they are here, a moment apart from the others; a hidden tab looks at
// nothing.
(() => {
  'use strict';
  const EVERY_MS = 20000, SHOW_MS = 45000, APART_MS = 800, MOST = 8;
  const here = new Map();                      // person → { name, initials, photo, until }
  const drawn = new WeakMap();                 // the line → who stands in it
  let at = '', answers = false;                // the ticket that this tab looks at; whether it is about to say so
  const me = () => document.body.dataset.me;
  const line = () => document.querySelector('[data-looking]');
  const say = how => document.dispatchEvent(new CustomEvent('crea:send', { detail: { looking: at, how } }));
  /** A request of its own: it outlives the page, and the connection may be about another page already. */
  function leave() {
    const body = JSON.stringify({ looking: at, how: 'goes' });
    fetch('/live/say', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, keepalive: true }).catch(() => {});
    at = '';
  }

  function face({ initials, photo }) {
    const face = document.createElement('span');
    face.className = 'face';
    face.setAttribute('aria-hidden', 'true');
    face.textContent = initials;
    if (photo) face.append(Object.assign(document.createElement('img'), { src: photo, alt: '', width: 32, height: 32 }));
    return face;
  }
  function draw() {
    const box = line(), now = Date.now();
    for (const [id, { until }] of here) if (until <= now) here.delete(id);
    if (!box) return;
    const people = [...here.values()].slice(0, MOST), key = [...here.keys()].join(' ');
    if ((drawn.get(box) ?? '') === key && box.hidden === !key) return;
    drawn.set(box, key);
    box.hidden = !people.length;
    const names = people.map(({ name }) => name).join(', ') + (here.size > MOST ? ` +${here.size - MOST}` : '');
    box.replaceChildren(...(people.length ? [...people.map(face), `${box.dataset.words} ${names}`] : []));
  }
  /** Another page, or the tab was hidden or shown. */
  function turn() {
    const now = document.visibilityState === 'visible' ? line()?.dataset.looking ?? '' : '';
    if (now !== at) {
      if (at) leave();
      here.clear();
      at = now;
      if (at) say('comes');
    }
    draw();
  }
  function hear({ ticket, by, how, ...person }) {
    if (ticket !== at) return;
    if (by === me()) {
      if (how === 'goes') answer();            // another tab of mine; this one is still here
      return;
    }
    if (how === 'goes') { here.delete(by); return; }
    here.set(by, { ...person, until: Date.now() + SHOW_MS });
    if (how === 'comes') answer();
  }
  function answer() {
    if (answers) return;
    answers = true;
    setTimeout(() => { answers = false; if (at) say('stays'); }, Math.random() * APART_MS);
  }

  htmx.registerExtension('crea-looking', {
    htmx_process_looking: (tag, { ctx }) => {
      const of = name => tag.getAttribute(name) ?? '';
      (ctx.looking ??= []).push({ ticket: of('at'), by: of('by'), how: of('how'), name: of('name'), initials: of('initials'), photo: of('photo') });
    },
    htmx_after_swap: (_, { ctx }) => { for (const one of ctx.looking ?? []) hear(one); draw(); },
  });
  document.addEventListener('htmx:after:swap', turn);
  document.addEventListener('visibilitychange', turn);
  document.addEventListener('crea:open', () => { at = ''; turn(); });
  addEventListener('pagehide', () => { if (at) leave(); });
  setInterval(() => { if (at) say('stays'); draw(); }, EVERY_MS);
})();
