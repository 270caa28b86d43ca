// Presence dots: `<hx-presence of="ID" state="…">` sets one person's, and
// `<hx-presence all="ID:state …">` everybody's (who is not named is offline).
// The words come from `body[data-presence-labels]`.
(() => {
  'use strict';
  const labels = () => JSON.parse(document.body.dataset.presenceLabels ?? '{}');

  function mark(dot, state, words) {
    if (dot.dataset.state === state) return;
    dot.dataset.state = state;
    const label = words[state] ?? state;
    dot.setAttribute('aria-label', label);
    dot.setAttribute('title', label);
  }

  htmx.registerExtension('crea-presence', {
    // Read before the swap of its frame, done after it, so that rows of the same frame are marked too.
    htmx_process_presence: (tag, { ctx }) => {
      (ctx.presence ??= []).push({ of: tag.getAttribute('of'), state: tag.getAttribute('state'), all: tag.getAttribute('all') });
    },
    htmx_after_swap: (_, { ctx }) => {
      if (!ctx.presence) return;
      const words = labels();
      for (const { of, state, all } of ctx.presence) {
        if (all === null) {
          for (const dot of document.querySelectorAll(`[data-presence="${CSS.escape(of)}"]`)) mark(dot, state, words);
        } else {
          const states = new Map(all.split(' ').filter(Boolean).map(pair => pair.split(':')));
          for (const dot of document.querySelectorAll('[data-presence]')) mark(dot, states.get(dot.dataset.presence) ?? 'offline', words);
        }
      }
    },
  });
})();
