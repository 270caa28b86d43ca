// Who is typing: said while one writes, shown for a few seconds.
//
// `<hx-typing in="CONVERSATION" by="ID" name="…">` fills p[data-typing="CONVERSATION"]
// in words of its data-one, data-two, data-many. Never for oneself; a message that
// arrives ends it for its sender.
(() => {
  'use strict';
  const SAY_MS = 3000, SHOW_MS = 5000;
  const said = new Map();                      // conversation → when we last said so
  const heard = new Map();                     // conversation → person → { name, until }
  const me = () => document.body.dataset.me;

  function draw() {
    const now = Date.now();
    for (const line of document.querySelectorAll('[data-typing]')) {
      const people = heard.get(line.dataset.typing) ?? new Map();
      for (const [id, { until }] of people) if (until <= now) people.delete(id);
      const names = [...people.values()].map(person => person.name);
      const form = names.length === 1 ? line.dataset.one : names.length === 2 ? line.dataset.two : names.length ? line.dataset.many : '';
      const words = { name: names[0], other: names[1], n: String(names.length) };
      const text = form.replace(/\{(\w+)\}/g, (_, word) => words[word] ?? '');
      if (line.textContent !== text) line.textContent = text;
    }
  }
  function hear({ conversation, by, name }) {
    if (by === me()) return;
    if (!heard.has(conversation)) heard.set(conversation, new Map());
    heard.get(conversation).set(by, { name, until: Date.now() + SHOW_MS });
    setTimeout(draw, SHOW_MS + 50);
  }
  /** Where a form writes: in a conversation; in a ticket, whose notes are told to its staff alone. */
  const place = ({ dataset, elements }) => dataset.composer ?? `${elements.note?.value === '1' ? 'board' : 'ticket'}:${dataset.typesIn}`;
  /** Whoever has just written is no longer writing. */
  function ended(list) {
    const last = list.lastElementChild, people = heard.get(list.id.slice(-36));
    if (last && people?.has(last.dataset.sender) && seen.get(list.id) !== last.id) people.delete(last.dataset.sender);
    seen.set(list.id, last?.id);
  }
  const seen = new Map();                      // list → its last message when it was last looked at

  htmx.registerExtension('crea-typing', {
    htmx_process_typing: (tag, { ctx }) => {
      const of = name => tag.getAttribute(name) ?? '';
      (ctx.typing ??= []).push({ conversation: of('in'), by: of('by'), name: of('name') });
    },
    htmx_after_swap: (_, { ctx }) => {
      for (const list of document.querySelectorAll('.msgs[id],.entries[id]')) ended(list);
      for (const one of ctx.typing ?? []) hear(one);
      draw();
    },
  });
  document.addEventListener('input', e => {
    const form = e.target.closest?.('form[data-composer],form[data-types-in]'), now = Date.now();
    if (!form || !e.target.matches('textarea') || !e.target.value.trim()) return;
    const id = place(form);
    if (now - (said.get(id) ?? 0) < SAY_MS) return;
    said.set(id, now);
    document.dispatchEvent(new CustomEvent('crea:send', { detail: { typing: id } }));
  });
  document.addEventListener('crea:sent', ({ detail }) => said.delete(detail.conversation));
})();
