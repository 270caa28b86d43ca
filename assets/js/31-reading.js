// Reading a conversation: scroll position, the "new" pill, the read pointer.
//
// [data-conversation="ID"] is the open panel (data-last-read, data-read-url),
// #m-ID its list of messages, each with its number in data-sort and its sender
// in data-sender. The list, or an ancestor, scrolls.
(() => {
  'use strict';
  const END_PX = 48, READ_DELAY_MS = 250;
  const me = () => document.body.dataset.me;
  let open;                                    // what is known about the conversation on screen

  const messages = () => [...open.list.children].filter(el => el.matches('[data-sender]') && !el.dataset.state);
  const highest = () => messages().reduce((most, el) => Math.max(most, Number(el.dataset.sort) || 0), 0);
  const unseen = number => messages().filter(el => Number(el.dataset.sort) > number && el.dataset.sender !== me()).length;
  const atEnd = () => open.scroller.scrollHeight - open.scroller.scrollTop - open.scroller.clientHeight < END_PX;
  const toEnd = () => { open.scroller.scrollTop = open.scroller.scrollHeight; };

  function scrollerOf(el) {
    for (; el && el !== document.documentElement; el = el.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(el).overflowY)) return el;
    }
    return document.scrollingElement;
  }

  /** Takes up the panel that is on screen now. */
  function look() {
    const panel = document.querySelector('[data-conversation]');
    const list = panel && document.getElementById(`m-${panel.dataset.conversation}`);
    if (!list) { open?.grown.disconnect(); open = undefined; return; }
    if (open?.list === list) return;
    open?.grown.disconnect();
    const scroller = scrollerOf(list);
    open = { panel, list, scroller, end: true, size: '', seen: 0, sent: Number(panel.dataset.lastRead) || 0, anchor: null };
    open.seen = highest();
    scroller.style.overflowAnchor = 'none';    // the position is kept here, alike in every browser
    toEnd();
    open.grown = new ResizeObserver(() => { if (open?.end) toEnd(); });
    open.grown.observe(scroller);
    open.grown.observe(list);
    read();
  }
  /** Only the person leaves the end; a box or a text that grows does not. */
  function scrolled() {
    const { clientHeight, scrollHeight } = open.scroller, size = `${clientHeight} ${scrollHeight}`;
    if (atEnd()) open.end = true;
    else if (size === open.size) open.end = false;
    else if (open.end) toEnd();
    open.size = size;
    if (open.end) { open.seen = highest(); pill(); read(); }
  }
  function pill() {
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
    const here = open, number = highest();
    if (number <= here.sent || !unseen(here.sent)) return;
    const before = here.sent;
    here.sent = number;
    try {
      const answer = await fetch(here.panel.dataset.readUrl, {
        method: 'POST',
        body: new URLSearchParams({ number }),
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
    hold();
    pill();
    read();
  });
  document.addEventListener('scroll', e => { if (open && e.target === (open.scroller === document.scrollingElement ? document : open.scroller)) scrolled(); }, true);
  document.addEventListener('click', e => {
    if (open && e.target.closest?.('[data-new-pill]')) { toEnd(); scrolled(); }
  });
  document.addEventListener('crea:sent', ({ detail }) => {
    if (open?.panel.dataset.conversation === detail.conversation) { toEnd(); scrolled(); }
  });
  document.addEventListener('visibilitychange', () => open && read());
  document.addEventListener('crea:open', () => open && read());
  addEventListener('focus', () => open && read());
  look();
})();
