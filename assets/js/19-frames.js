// Frames: what arrives over the live connection, on whatever rung.
//
// `<hx-live seq=…>` at the head of a frame is read before the swap of its frame
// and believed after it: `ctx.live` holds its attributes. Partials follow.
(() => {
  'use strict';
  htmx.registerExtension('crea-live', {
    htmx_process_live: (tag, { ctx }) => {
      ctx.live = { ...ctx.live, ...Object.fromEntries([...tag.attributes].map(a => [a.name, a.value])) };
      ctx.targets ??= [...tag.getRootNode().querySelectorAll('template[hx][type=partial]')].map(part => part.getAttribute('hx-target'));
    },
    // htmx looks up all targets of a frame before its first swap: an element that an earlier partial
    // replaced or brought would be missed by a later one. As text, a target is looked up in its turn.
    htmx_before_swap: (_, { ctx, tasks }) => {
      const parts = tasks.filter(task => task.type === 'partial');
      if (ctx.targets?.length === parts.length) parts.forEach((part, n) => { part.target = ctx.targets[n]; });
    },
  });
})();
