// Presence dots: `<hx-presence of="ID" state="…">` sets one person's, and
// `<hx-presence all="ID:state …">` everybody's (who is not named is offline).
// The words come from `body[data-presence-labels]`.
//
// A row or page is drawn by some instance, maybe a moment behind this socket's:
// the socket has the last word, after every swap, of everybody once it has named
// everybody, before that of whom it has spoken.
(() => {
  'use strict';
  let feed = new Map(), whole = false;         // person → state, as the open socket said; whether nobody is missing
  const dots = () => document.querySelectorAll('[data-presence]');

  function mark(dot, state) {
    if (dot.dataset.state === state) return;
    dot.dataset.state = state;
    const label = JSON.parse(document.body.dataset.presenceLabels ?? '{}')[state] ?? state;
    dot.setAttribute('aria-label', label);
    dot.setAttribute('title', label);
  }

  htmx.registerExtension('crea-presence', {
    // Read before the swap of its frame, done after it, so that rows of the same frame are marked too.
    htmx_process_presence: (tag, { ctx }) => {
      (ctx.presence ??= []).push({ of: tag.getAttribute('of'), state: tag.getAttribute('state'), all: tag.getAttribute('all') });
    },
    htmx_after_swap: (_, { ctx }) => {
      for (const { of, state, all } of ctx.presence ?? []) {
        if (all === null) { feed.set(of, state); continue; }
        feed = new Map(all.split(' ').filter(Boolean).map(pair => pair.split(':')));
        whole = true;
      }
      for (const dot of dots()) mark(dot, feed.get(dot.dataset.presence) ?? (whole ? 'offline' : dot.dataset.state));
    },
  });
  document.addEventListener('htmx:ws:close', () => { feed.clear(); whole = false; });
})();
