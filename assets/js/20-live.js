// The live connection: one socket per tab, kept through navigation.
//
// Every page is drawn at a cursor (`data-seq` of #main, opaque text here). The
// socket opens with it and the server sends what came after, then goes live. A
// reconnect does the same with the last cursor that was applied.
//
// Regions: what is live outside #main (rail, top bar, dock) is covered by topics
// that the server holds for the person anyway. Only #main states topics. When
// navigation brings another #main, its topics and the cursor it was drawn at are
// owed to the server: sent as `show` until a frame answers `shown`. Up to then a
// reconnect carries the view that the server knew, and `show` follows again.
//
// Other scripts send by the event `crea:send` and report a failed request by
// `crea:network`; `crea:open` tells them of a new socket.
// `html[data-live]` says off, on, delayed or revoked, and drives the bar.
(() => {
  'use strict';
  const RUNGS = [['hx-ws:connect', '/live']];
  const REGIONS = ['#main', '#dock', '#agent-state', '#critical'];
  const QUIET_MS = 45000, GRACE_MS = 1000, FIRST_DELAY_MS = 500, LONGEST_DELAY_MS = 10000;
  const el = document.getElementById('live');
  const root = document.documentElement;
  let connection, cursor = '', known, wanted, drawn, barren = 0, delayed = false, dark, restarted = 0;
  let heard = Date.now(), stirred = heard;     // the last frame; the last frame or attempt to get one

  htmx.registerExtension('crea-live', {
    // <hx-live seq=…> is read before the swap of its frame and believed after it.
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
  if (!el) return;                             // a page without a person: sign-in, set-up
  const main = () => document.getElementById('main');
  const isOpen = () => connection?.socket?.readyState === WebSocket.OPEN;
  const address = () => `${location.origin.replace(/^http/, 'ws')}${RUNGS[0][1]}?cursor=${encodeURIComponent(cursor)}`
    + `&page=${known.page}&topics=${encodeURIComponent(known.topics)}`;

  const send = message => isOpen() && connection.socket.send(JSON.stringify(message));

  // --- state, as the connection bar shows it
  function show(state) {
    clearTimeout(dark);
    dark = undefined;
    if (root.dataset.live === state) return;
    const lost = root.dataset.live === 'off';
    root.dataset.live = state;
    if (lost && state !== 'revoked') {
      root.dataset.liveRecovered = '';
      setTimeout(() => delete root.dataset.liveRecovered, 2000);
    }
    age();
  }
  /** A connection that comes back within a second was never seen to be gone. */
  function lost() {
    if (root.dataset.live !== 'off') dark ??= setTimeout(show, GRACE_MS, 'off');
  }
  function age() {
    const seconds = String(Math.round((Date.now() - heard) / 1000));
    for (const place of document.querySelectorAll('[data-live-age]')) {
      const text = (place.dataset.liveAge || '{n}').replace(/\{\w+\}/, seconds);
      if (place.textContent !== text) place.textContent = text;
    }
  }

  // --- the view
  function view() {
    const m = main();
    return { topics: m?.dataset.topics ?? '', since: m?.dataset.seq ?? null };
  }
  function say() {
    if (wanted.page !== known.page) send({ show: wanted.topics, page: wanted.page, since: wanted.since && Number(wanted.since) });
  }
  function showPage() {
    const now = view(), before = drawn;
    drawn = main();
    // A page drawn at the same cursor as the one before is another all the same: a frame may have come since.
    if (drawn === before && now.topics === wanted.topics && now.since === wanted.since) return;
    wanted = { ...now, page: wanted.page + 1 };
    say();
  }

  // --- connection
  function restart() {
    restarted = stirred = Date.now();
    htmx.trigger(el, 'htmx:abort');
    htmx.process(el, true);
  }
  /** A sign of trouble from elsewhere: ask the socket, but not twice at a time. */
  function suspect() {
    if (Date.now() - restarted > 2000) { lost(); restart(); }
  }
  const on = (name, handle) => document.addEventListener(name, e => { if (e.target === el) handle(e.detail); });
  const aim = () => { if (connection) connection.url = address(); };

  on('htmx:ws:before:connection', detail => { connection = detail.connection; aim(); });
  on('htmx:ws:after:connection', () => {
    stirred = Date.now();
    connection.config.reconnectDelay = Math.min(FIRST_DELAY_MS * 2 ** barren, LONGEST_DELAY_MS);
    barren++;                                  // until a frame comes
    say();
    document.dispatchEvent(new CustomEvent('crea:open'));
  });
  on('htmx:ws:after:message:incoming', aim);
  on('htmx:ws:close', ({ reason, code, connection: closed }) => {
    if (reason !== 'closed') return;
    if (code === 4403) { show('revoked'); location.reload(); return; }
    lost();
    if (!closed.config.reconnectCodes.includes(code)) setTimeout(restart, 3000 + Math.random() * 2000);
  });
  on('htmx:ws:error', ({ error }) => { if (error instanceof Error && isOpen()) refresh(); });

  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== el) return showPage();
    const frame = ctx.live;
    if (!frame) return;
    heard = stirred = Date.now();
    barren = 0;
    if (frame.delayed) delayed = frame.delayed === '1';
    if (frame.seq) cursor = frame.seq;
    if (frame.shown === String(wanted.page)) known = wanted;
    connection.config.reconnectDelay = frame.retry ? Number(frame.retry) : FIRST_DELAY_MS;
    show(delayed ? 'delayed' : 'on');
    if ('reset' in frame) refresh();
  });

  // --- reset: draw the live regions anew from this page's address
  let refreshing = false, again = false;
  async function refresh(attempt = 0) {
    if (refreshing) { again = true; return; }
    refreshing = true;
    again = false;
    const address = location.href;
    try {
      const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'full', 'HX-Current-URL': address, Accept: 'text/html' };
      const answer = await fetch(address, { headers, signal: AbortSignal.timeout(20000) });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      if (!fresh.getElementById('live')) { location.reload(); return; }
      if (address === location.href) await apply(fresh);
    } catch {
      const wait = Math.min(1000 * 2 ** attempt, 30000) * (0.7 + Math.random() * 0.6);
      setTimeout(() => refresh(attempt + 1), wait);
    } finally {
      refreshing = false;
    }
    if (again) refresh();
  }
  /** Counters are skipped by morphs (a shared fragment does not know them): they are replaced. */
  async function apply(fresh) {
    const counters = [...fresh.querySelectorAll('[data-count][id]')];
    const parts = REGIONS.map(selector => [fresh.querySelector(selector), selector, 'outerMorph'])
      .concat(counters.map(counter => [counter, `#${counter.id}`, 'outerHTML']));
    const text = parts.filter(([part]) => part)
      .map(([part, target, swap]) => `<hx-partial hx-target="${target}" hx-swap="${swap}">${part.outerHTML}</hx-partial>`);
    await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text: text.join('') });
  }

  setInterval(() => {
    if (root.dataset.live !== 'on') age();
    if (Date.now() - stirred > QUIET_MS) { show('off'); restart(); }
  }, 1000);
  addEventListener('offline', lost);
  addEventListener('online', () => { lost(); restart(); });
  addEventListener('pageshow', e => { if (e.persisted) location.reload(); });
  document.addEventListener('htmx:error', ({ detail }) => { if (detail.error instanceof TypeError && detail.ctx?.request) suspect(); });
  document.addEventListener('crea:network', suspect);
  document.addEventListener('crea:send', ({ detail }) => send(detail));

  drawn = main();
  known = wanted = { ...view(), page: 0 };
  cursor = wanted.since ?? '';
})();
