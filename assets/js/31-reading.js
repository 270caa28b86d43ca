// Reading a conversation: where it opens, scroll position, the line above what
// is new, the "new" pill, the read pointer.
//
// [data-conversation="ID"] is the open panel (data-last-read, data-read-url; a
// message to look at in data-at, one to read on from in data-from), #m-ID its
// list of messages, each with its number in data-sort and its sender in
// data-sender. The list, or an ancestor, scrolls. A stretch that is not the end
// has the list #mw-ID: no push enters it and nothing is read by it; a link
// [data-end-pill] leads to the end.
//
// The line [data-divider] stands for what was unread on opening, in this tab
// alone, and so does the mark [data-found]: scripts put both, after every swap.
(() => {
  'use strict';
  const END_PX = 48, READ_DELAY_MS = 250, MOST = 150, KEPT = 100;
  const me = () => document.body.dataset.me;
  let open;                                    // what is known about the conversation on screen

  const messages = () => [...open.list.children].filter(el => el.matches('[data-sender]') && !el.dataset.state);
  const number = el => Number(el.dataset.sort) || 0;
  const highest = () => messages().reduce((most, el) => Math.max(most, number(el)), 0);
  const news = above => messages().filter(el => number(el) > above && el.dataset.sender !== me() && !el.matches('[data-notice]'));
  const unseen = above => news(above).length;
  const atEnd = () => open.live && open.scroller.scrollHeight - open.scroller.scrollTop - open.scroller.clientHeight < END_PX;
  const toEnd = () => { open.scroller.scrollTop = open.scroller.scrollHeight; open.top = open.scroller.scrollTop; };

  function scrollerOf(el) {
    for (; el && el !== document.documentElement; el = el.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(el).overflowY)) return el;
    }
    return document.scrollingElement;
  }

  /** Takes up the panel that is on screen now. */
  function look() {
    const panel = document.querySelector('[data-conversation]');
    const id = panel?.dataset.conversation;
    const list = document.getElementById(`m-${id}`) ?? document.getElementById(`mw-${id}`);
    if (!list) { open?.grown.disconnect(); open = undefined; return; }
    if (open?.list === list) return;
    open?.grown.disconnect();
    const scroller = scrollerOf(list);
    const sent = Number(panel.dataset.lastRead) || 0, at = Number(panel.dataset.at), from = Number(panel.dataset.from);
    open = { panel, list, scroller, id, live: list.id === `m-${id}`, end: true, top: 0, seen: 0, sent, read: sent, at, from, anchor: null };
    open.seen = open.drawn = highest();
    scroller.style.overflowAnchor = 'none';    // the position is kept here, alike in every browser
    show();
    start();
    open.grown = new ResizeObserver(() => { if (open?.end) toEnd(); });
    open.grown.observe(scroller);
    open.grown.observe(list);
    pill();
    read();
  }
  /** Where a conversation opens: at what is looked for, where one left off, at what is new, or at its end. */
  function start() {
    const { at, from, id } = open;
    const to = (el, share) => { open.scroller.scrollTop += below(el) - (open.scroller.clientHeight - el.offsetHeight) * share; };
    const shown = wanted => messages().findLast(el => number(el) <= wanted);
    const divider = document.getElementById(`new-${id}`);
    toEnd();
    if (at && shown(at)) to(shown(at), 0.5);
    else if (from && shown(from)) to(shown(from), 1);
    else if (divider && below(divider) < 0) to(divider, 0.1);
    open.end = atEnd();
    open.top = open.scroller.scrollTop;
  }
  /** The marks that this tab alone shows; a morph may have taken them away. */
  function show() {
    const { id, at, live, read, drawn, list } = open;
    if (at) messages().find(el => number(el) === at)?.setAttribute('data-found', '');
    if (!live || document.getElementById(`new-${id}`)) return;
    const [first] = news(read), lowest = [...list.children].reduce((least, el) => Math.min(least, number(el) || Infinity), Infinity);
    // It is the first one only if the one before it is here too; what came later is new to nobody who looks on.
    if (!first || number(first) > drawn || lowest > read + 1) return;
    const line = open.panel.querySelector('template[data-new-divider]')?.content.firstElementChild.cloneNode(true);
    if (!line) return;
    line.id = `new-${id}`;
    line.dataset.sort = `${number(first) - 1}.5`;
    list.insertBefore(line, first);
  }
  /** Who watches for hours keeps the last hundred; the control above loads the others again. */
  function trim() {
    if (!open.live || !open.end || messages().length <= MOST) return;
    while (messages().length > KEPT) open.list.firstElementChild.remove();
    const control = document.getElementById(`older-${open.id}`);
    const link = open.panel.querySelector('template[data-older-link]')?.content.firstElementChild.cloneNode(true);
    if (!control || !link) return;
    for (const name of ['href', 'hx-get']) link.setAttribute(name, link.getAttribute(name).replace('before=0', `before=${open.list.firstElementChild.dataset.sort}`));
    control.replaceChildren(link);
    htmx.process(link);
  }

  /** Only the person leaves the end, by going up; a box or a text that grows moves nothing up. */
  function scrolled() {
    if (atEnd()) open.end = true;
    else if (open.scroller.scrollTop < open.top) open.end = false;
    else if (open.end) toEnd();
    open.top = open.scroller.scrollTop;
    if (open.end) { open.seen = highest(); pill(); read(); }
  }
  /** At the end a reload shows the end: what was looked for may be beyond its page by then. */
  function settle() {
    const asked = new URLSearchParams(location.search);
    if (open.live && location.pathname.endsWith(open.id) && (asked.has('at') || asked.has('from'))) history.replaceState(history.state, '', location.pathname);
  }
  /** How many are unread is what the conversation's counter says: a stretch does not show them. */
  function ending() {
    const count = open.panel.querySelector('[data-end-count]');
    if (!count) return;
    const n = Number((document.getElementById(`u-${open.id}`) ?? document.getElementById(`du-${open.id}`))?.dataset.count ?? 0);
    const text = n ? count.dataset[n === 1 ? 'one' : 'other'].replace('{n}', String(n)) : '';
    if (count.textContent !== text) count.textContent = text;
  }
  function pill() {
    ending();
    settle();
    const button = open.panel.querySelector('[data-new-pill]');
    if (!button) return;
    const count = open.end ? 0 : unseen(open.seen);
    button.hidden = count === 0;
    const text = (button.dataset[count === 1 ? 'one' : 'other'] ?? '{n}').replace('{n}', String(count));
    if (count && button.textContent !== text) button.textContent = text;
  }

  // --- the position holds while something is put in above
  const below = el => el.getBoundingClientRect().top - open.scroller.getBoundingClientRect().top;
  function remember() {
    if (!open || open.end) return;
    const el = messages().find(el => below(el) + el.offsetHeight > 0);
    open.anchor = el && { el, top: below(el) };
  }
  function hold() {
    if (open.end) { toEnd(); open.seen = highest(); return; }
    const { el, top } = open.anchor ?? {};
    if (el?.isConnected) open.scroller.scrollTop += below(el) - top;
    open.anchor = null;
  }

  // --- the read pointer
  let timer;
  function read() {
    timer ??= setTimeout(tell, READ_DELAY_MS);  // not from the last call: pushes without a pause would put it off for ever
  }
  async function tell() {
    timer = undefined;
    if (!open || document.visibilityState !== 'visible' || !document.hasFocus() || !open.end) return;
    const here = open, last = highest();
    if (last <= here.sent || !unseen(here.sent)) return;
    const before = here.sent;
    here.sent = last;
    try {
      const answer = await fetch(here.panel.dataset.readUrl, {
        method: 'POST',
        body: new URLSearchParams({ number: last }),
        headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial', Accept: 'text/html' },
        signal: AbortSignal.timeout(10000),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
    } catch {
      here.sent = Math.min(here.sent, before); // asked again when the person moves or the socket returns
    }
  }

  document.addEventListener('htmx:before:swap', remember);
  document.addEventListener('htmx:after:swap', () => {
    look();
    if (!open) return;
    show();
    trim();
    hold();
    pill();
    read();
  });
  document.addEventListener('scroll', e => { if (open && e.target === (open.scroller === document.scrollingElement ? document : open.scroller)) scrolled(); }, true);
  document.addEventListener('click', e => {
    if (open && e.target.closest?.('[data-new-pill]')) { toEnd(); scrolled(); }
  });
  document.addEventListener('crea:sent', ({ detail }) => {
    if (open?.id !== detail.conversation) return;
    if (!open.live) { open.panel.querySelector('[data-end-pill]')?.click(); return; }
    toEnd();
    scrolled();
  });
  document.addEventListener('visibilitychange', () => open && read());
  document.addEventListener('crea:open', () => open && read());
  addEventListener('focus', () => open && read());
  look();
})();
