// Cards of records in messages: [data-record="KIND:ID"] fetches its own card.
//
// A message is the same for everyone, its card is not. It is fetched when it
// comes into view, and anew when `<hx-record of="KIND:ID">` says that the record
// changed, within a second, so that a floor does not ask all at once. A message
// that was drawn anew lost its card: it is fetched again.
(() => {
  'use strict';
  const SPREAD_MS = 1000;
  const load = place => { place.dataset.loaded = ''; htmx.trigger(place, 'crea:record'); };

  htmx.registerExtension('crea-record', {
    htmx_process_record: (tag, { ctx }) => { (ctx.records ??= []).push(tag.getAttribute('of')); },
    htmx_after_swap: (_, { ctx }) => {
      if (ctx.sourceElement?.matches?.('[data-record]')) { ctx.sourceElement.dataset.loaded = ''; return; }
      for (const of of ctx.records ?? []) {
        for (const place of document.querySelectorAll(`[data-record="${of}"]`)) setTimeout(load, Math.random() * SPREAD_MS, place);
      }
      if (ctx.sourceElement?.id !== 'live') return;
      for (const place of document.querySelectorAll('.msg [data-record]:not([data-loaded])')) load(place);
    },
  });
})();
