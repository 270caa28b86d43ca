// A board: cards go to another column by mouse, by keyboard, or by their menu.
//
// [data-board] > [data-column=AB][data-name] > ul > [data-card=12][data-steps="EP: PE:reason"]
// [data-version][data-action]; .board-grip picks a card up: arrows choose the column, Enter
// drops, Escape cancels. template[data-said] are the words that are said aloud meanwhile.
// #board-words asks for what has to be written. While a card is held the board draws
// nothing anew (`data-held`, see 25-lists.js); what the server refuses goes back.
(() => {
  'use strict';
  const board = () => document.querySelector('[data-board]');
  const columns = () => [...document.querySelectorAll('[data-board] [data-column]')];
  const columnOf = card => card.closest('[data-column]');
  const steps = card => new Map(card.dataset.steps.split(' ').filter(Boolean).map(step => step.split(':')));
  let held = null;                             // { id, over, keys } of the card that is moved
  let asking = false;

  // --- said aloud
  const voice = document.createElement('p');
  voice.className = 'visually-hidden';
  voice.setAttribute('aria-live', 'assertive');
  document.body.append(voice);
  const fill = (text, card, column) => text.replace('{number}', card.dataset.card).replace('{column}', column.dataset.name);
  function say(key, card, column) {
    const template = document.querySelector(`template[data-said="${key}"]`);
    if (template) voice.textContent = fill(template.content.textContent, card, column);
  }

  // --- picking up, choosing, letting go
  const card = () => held && document.getElementById(held.id);
  function pick(el, keys) {
    const may = steps(el);
    if (!may.size) return;
    held = { id: el.id, over: columnOf(el), keys };
    board().dataset.held = '';
    el.dataset.picked = '';
    for (const column of columns()) column.dataset.drop = column === held.over ? 'own' : may.has(column.dataset.column) ? 'yes' : 'no';
    if (keys) say('picked', el, held.over);
  }
  function choose(column) {
    held.over = column;
    for (const other of columns()) other.toggleAttribute('data-over', other === column);
    if (!held.keys) return;
    column.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say({ own: 'own', yes: 'over', no: 'never' }[column.dataset.drop], card(), column);
  }
  function release() {
    card()?.removeAttribute('data-picked');
    held = null;
    for (const column of columns()) { column.removeAttribute('data-drop'); column.removeAttribute('data-over'); }
    board()?.removeAttribute('data-held');
    document.dispatchEvent(new Event('change'));   // what waited for it is drawn now
  }
  function cancel() {
    if (card()) say('canceled', card(), columnOf(card()));
    release();
  }

  // --- dropping
  function ask(el, column, what) {
    const dialog = document.getElementById('board-words'), title = dialog.querySelector('h2'), field = dialog.querySelector('textarea');
    title.textContent = fill(title.dataset[what], el, column);
    dialog.querySelector('form').reset();
    dialog.returnValue = '';
    asking = true;
    dialog.showModal();
    field.focus();
    return new Promise(done => dialog.addEventListener('close', () => {
      asking = false;
      title.textContent = '';
      done(dialog.returnValue === 'ok' ? field.value : null);
    }, { once: true }));
  }
  const grip = el => el.querySelector('.board-grip');
  function put(el, list, before) {
    const had = el.contains(document.activeElement);
    list.insertBefore(el, before);
    if (had) grip(el)?.focus();
  }
  async function drop(to) {
    const el = card(), from = columnOf(el), column = columns().find(one => one.dataset.column === to), asks = steps(el).get(to);
    if (column === from) { cancel(); return; }
    if (asks === undefined) { say('never', el, column); release(); return; }
    const reason = asks ? await ask(el, column, asks) : '';
    if (reason === null) { cancel(); grip(el)?.focus(); return; }
    const was = [el.parentElement, el.nextElementSibling], list = column.querySelector('ul');
    put(el, list, list.firstElementChild);
    const refusal = await send(el, to, reason);
    if (refusal === null) {
      el.dataset.steps = '';                   // until it is drawn again nobody knows where it may go next
      say('moved', el, column);
    } else { put(el, ...was); say(refusal, el, from); }
    release();
    if (refusal !== 'network') board()?.closest('[data-list]')?.querySelector('[data-changed-pill]')?.click();
  }
  /** Null when it was stored; otherwise what to say. The server's own words come as a toast. */
  async function send(el, to, reason) {
    try {
      const body = new URLSearchParams({ to, reason, version: el.dataset.version, back: 'board' });
      const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', Accept: 'text/html' };
      const answer = await fetch(el.dataset.action, { method: 'POST', body, headers, signal: AbortSignal.timeout(20000) });
      if (answer.ok) return null;
      if (answer.status === 401) location.reload();
      await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text: await answer.text() });
      return 'refused';
    } catch {
      return 'network';
    }
  }

  // --- keyboard
  document.addEventListener('click', e => {
    const el = e.target.closest?.('.board-grip')?.closest('[data-card]');
    if (!el) return;
    if (held?.id === el.id) drop(held.over.dataset.column); else if (!held) pick(el, true);
  });
  document.addEventListener('keydown', e => {
    if (!held?.keys || asking) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (e.key === 'Escape') cancel();
    else if (by) { const all = columns(); choose(all[Math.min(Math.max(all.indexOf(held.over) + by, 0), all.length - 1)]); }
    else if (!['ArrowUp', 'ArrowDown'].includes(e.key)) return;
    e.preventDefault();
  });
  document.addEventListener('focusout', e => {
    if (held?.keys && !asking && e.relatedTarget && !card()?.contains(e.relatedTarget)) cancel();
  });

  // --- mouse
  document.addEventListener('dragstart', e => {
    const el = e.target.closest?.('[data-card][draggable]');
    if (!el || held) return;
    e.dataTransfer.setData('text/plain', `#${el.dataset.card}`);
    e.dataTransfer.effectAllowed = 'move';
    pick(el, false);
    if (!held) e.preventDefault();
  });
  const under = e => held && !held.keys && e.target.closest?.('[data-board] [data-column]');
  document.addEventListener('dragover', e => {
    const column = under(e);
    if (!column) return;
    if (column.dataset.drop === 'yes') e.preventDefault();
    if (column !== held.over) choose(column);
  });
  document.addEventListener('drop', e => {
    const column = under(e);
    if (!column) return;
    e.preventDefault();
    held.dropped = true;
    drop(column.dataset.column);
  });
  document.addEventListener('dragend', () => { if (held && !held.keys && !held.dropped) release(); });

  // --- menu
  document.addEventListener('submit', e => {
    const el = e.target.closest?.('[data-board] [data-card]');
    if (!el || !e.submitter) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (held) return;
    e.target.closest('details').open = false;
    pick(el, false);
    if (!held) return;
    held.dropped = true;
    drop(e.submitter.value);
  }, true);

  // --- a drawing takes no focus: a card that moved keeps it
  let focused = '';
  document.addEventListener('htmx:before:swap', () => { focused = board()?.contains(document.activeElement) ? document.activeElement.id : ''; });
  document.addEventListener('htmx:after:swap', () => { if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus(); });
})();
