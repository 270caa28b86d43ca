// Naming people: "@" in the composer opens the list of those who are there.
//
// #mentions (ul[role=listbox], data-url; a form may have its own data-mention-url)
// is filled by the server once per "@",
// with one li[role=option][data-name] per person; what is typed narrows it. Arrows
// choose, Enter and Tab put the name in, Escape closes. The server finds the names
// in what is sent: nothing but text is sent.
(() => {
  'use strict';
  const list = document.getElementById('mentions');
  if (!list) return;
  const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let at;                                      // { field, start }: where the "@" stands

  const options = () => [...list.children].filter(option => !option.hidden);
  const chosen = () => options().find(option => option.getAttribute('aria-selected') === 'true');
  function choose(option) {
    for (const other of list.children) other.setAttribute('aria-selected', String(other === option));
    if (option) at.field.setAttribute('aria-activedescendant', option.id); else at.field.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  }
  function close() {
    if (!at) return;
    for (const name of ['aria-controls', 'aria-expanded', 'aria-activedescendant', 'aria-autocomplete']) at.field.removeAttribute(name);
    at = undefined;
    list.hidden = true;
    list.replaceChildren();
  }
  /** The "@" before the caret that begins a name, if there is one: what follows has no line end and is no sentence. */
  function find(field) {
    const before = field.value.slice(0, field.selectionStart), start = before.lastIndexOf('@');
    if (start < 0 || field.selectionStart !== field.selectionEnd) return -1;
    const typed = before.slice(start + 1);
    return typed.length <= 40 && !/[\n@]/.test(typed) && !/[\p{L}\p{N}]$/u.test(before.slice(0, start)) ? start : -1;
  }
  async function open(field, start) {
    at = { field, start };
    const mine = at;
    const { composer, mentionUrl } = field.form.dataset;
    const answer = await fetch(mentionUrl ?? list.dataset.url.replace('__id__', composer), { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial', Accept: 'text/html' } }).catch(() => null);
    const text = answer?.ok ? await answer.text() : '';
    if (at !== mine) return;
    const page = new DOMParser().parseFromString(`<ul>${text}</ul>`, 'text/html');
    list.replaceChildren(...page.querySelectorAll('li'));
    [...list.children].forEach((option, n) => { option.id = `mention-${n}`; });
    narrow();
  }
  /** Shows those whose name, or a word of it, begins like what was typed. */
  function narrow() {
    const { field, start } = at, typed = fold(field.value.slice(start + 1, field.selectionStart));
    for (const option of list.children) {
      const name = fold(option.dataset.name);
      option.hidden = !(name.startsWith(typed) || name.split(' ').some(word => word.startsWith(typed)));
    }
    const left = options();
    if (!left.length) { list.hidden = true; choose(); return; }
    const box = field.getBoundingClientRect();
    list.hidden = false;
    list.style.left = `${box.left}px`;
    list.style.bottom = `${innerHeight - box.top + 6}px`;
    for (const [name, value] of [['aria-controls', list.id], ['aria-expanded', 'true'], ['aria-autocomplete', 'list']]) field.setAttribute(name, value);
    if (!left.includes(chosen())) choose(left[0]);
  }
  function put(option) {
    const { field, start } = at, name = `@${option.dataset.name} `;
    close();
    field.setRangeText(name, start, field.selectionStart, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    close();
    field.focus();
  }
  function look(field) {
    const start = find(field);
    if (start < 0) return close();
    if (at?.field === field && at.start === start) { if (list.children.length) narrow(); } else { close(); open(field, start); }
  }

  document.addEventListener('input', e => { if (e.target.matches?.('[data-composer] textarea,[data-mention-url] textarea')) look(e.target); });
  document.addEventListener('keydown', e => {
    if (!at || list.hidden || e.target !== at.field || e.isComposing) return;
    const left = options(), n = left.indexOf(chosen());
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') choose(left[(n + (e.key === 'ArrowDown' ? 1 : left.length - 1)) % left.length]);
    else if ((e.key === 'Enter' || e.key === 'Tab') && !e.shiftKey && left[n]) put(left[n]);
    else if (e.key === 'Escape') close();
    else return;
    e.preventDefault();
    e.stopPropagation();                       // Enter does not send, Escape leaves the answer alone
  }, true);
  list.addEventListener('mousedown', e => {
    const option = e.target.closest('[role=option]');
    e.preventDefault();                        // the field keeps the focus
    if (option) put(option);
  });
  document.addEventListener('focusout', e => { if (at && e.target === at.field) close(); });
  document.addEventListener('crea:sent', close);
})();
