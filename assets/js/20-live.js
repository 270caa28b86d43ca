// The live connection: one per tab, kept through navigation.
//
// Every page is drawn at a cursor (`data-seq` of #main). The connection opens
// with it and the server sends what came after, then goes live. A reconnect does
// the same with the last cursor that was applied.
//
// The ladder: a WebSocket; where none gets through, a stream of server-sent
// events; where that does not either, a request every three seconds. All three
// carry the same frames. A rung that never worked is left after three failures or
// five seconds; one that worked is left only when a poll gets through and it has
// not for a minute, so that an outage does not step down. From a lower rung a
// socket is tried on the side, and taken when it speaks.
//
// What is live outside #main (rail, top bar, dock) is covered by topics that the
// server holds for the person anyway. When navigation brings another #main, its
// topics and the cursor it was drawn at are owed to the server: a socket is told
// by `show`, a stream starts anew, a poll asks at once. A frame answers `shown`.
//
// Other scripts send by the event `crea:send` and report a failed request by
// `crea:network`. This one tells `crea:open` (a new connection), `crea:state`
// (off, on, delayed, revoked, or lost: off unless it comes back within a moment)
// and `crea:reset` (what is shown may have missed something).
// `html[data-rung]` says socket, sse or poll.
(() => {
  'use strict';
  const el = document.getElementById('live');
  if (!el) return;                             // a page without a person: sign-in, set-up
  const SOCKET = 0, STREAM = 1, POLL = 2;
  const RUNGS = [['socket', 'hx-ws:connect', '/live'], ['sse', 'hx-sse:connect', '/live/sse'], ['poll', '', '/live/poll']];
  const QUIET_MS = 45000, FIRST_DELAY_MS = 500, LONGEST_DELAY_MS = 10000;
  const HELLO_MS = 5000, MOST_FAILS = 3, DEAD_MS = 60000;
  const POLL_MS = 3000, POLL_PATIENCE_MS = 10000, DOTS_EVERY = 10;
  const CLIMB_MS = 60000, LONGEST_CLIMB_MS = 15 * 60000, KEY = 'crea:rung';
  const worked = [];                           // rungs that have carried a frame
  let connection, cursor = '', known, wanted, drawn, barren = 0, delayed = false, restarted = 0, ended = false;
  let rung = SOCKET, fails = 0, hello, again, climb, climbIn = CLIMB_MS, polls = 0;
  let heard = Date.now(), stirred = heard;     // the last frame; the last frame or attempt to get one

  const main = () => document.getElementById('main');
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const lost = () => tell('crea:state', { state: 'lost' });

  // --- the view
  function view() {
    const m = main();
    return { topics: m?.dataset.topics ?? '', since: m?.dataset.seq ?? null };
  }
  /** Without a socket there is one cursor for all: the older of what was applied and what a new page was drawn at. */
  const oldest = () => (wanted !== known && Number(wanted.since) < Number(cursor) ? wanted.since : cursor);
  function query(at, { page, topics }) {
    return `?cursor=${encodeURIComponent(at)}&page=${page}&topics=${encodeURIComponent(topics)}`;
  }
  const socketUrl = () => `${location.origin.replace(/^http/, 'ws')}${RUNGS[SOCKET][2]}${query(cursor, known)}`;
  function say() {
    if (wanted.page === known.page) return;
    if (rung === SOCKET) return send({ show: wanted.topics, page: wanted.page, since: wanted.since && Number(wanted.since) });
    if (rung === POLL) polls = 0;              // another page may show other people's dots
    restart();
  }
  function showPage(anew) {
    const now = view(), before = drawn;
    drawn = main();
    // A page drawn at the same cursor as the one before is another all the same: a frame may have come since. Back,
    // forward and a reset keep the element.
    if (!anew && drawn === before && now.topics === wanted.topics && now.since === wanted.since) return;
    wanted = { ...now, page: wanted.page + 1 };
    say();
  }

  // --- what the tab says
  const isOpen = () => connection?.socket?.readyState === WebSocket.OPEN;
  function send(message) {
    const text = JSON.stringify(message);
    if (rung === SOCKET) { if (isOpen()) connection.socket.send(text); return; }
    fetch('/live/say', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text, keepalive: true }).catch(() => {});
  }

  // --- the ladder
  function choose(to) {
    rung = to;
    fails = polls = 0;
    connection = undefined;
    document.documentElement.dataset.rung = RUNGS[to][0];
    try { sessionStorage.setItem(KEY, String(to)); } catch { /* the next page begins at the top */ }
    for (const [, attribute] of RUNGS) if (attribute) el.removeAttribute(attribute);
    const [, attribute, path] = RUNGS[to];
    if (attribute) el.setAttribute(attribute, path);
    if (to === SOCKET) clearTimeout(climb); else climbLater();
    expect();
  }
  function go(to) {
    choose(to);
    restart();
  }
  /** A rung that has never worked has five seconds to speak. */
  function expect() {
    clearTimeout(hello);
    if (rung < POLL && !worked[rung]) hello = setTimeout(() => go(rung + 1), HELLO_MS);
  }
  function restart() {
    restarted = stirred = Date.now();
    clearTimeout(again);
    htmx.trigger(el, 'htmx:abort');            // a request that hangs would block the next one
    htmx.process(el, true);
    if (rung === POLL) poll();
  }
  function failed() {
    lost();
    fails++;
    if (fails < MOST_FAILS || rung === POLL) return;
    if (!worked[rung]) return go(rung + 1);
    if (Date.now() - heard > DEAD_MS) probe();
  }
  /** The network is there and the rung is not: an outage looks different. */
  async function probe() {
    const from = rung;
    try {
      const answer = await fetch(RUNGS[POLL][2] + query(oldest(), wanted), { signal: AbortSignal.timeout(POLL_PATIENCE_MS) });
      if (answer.ok && rung === from && Date.now() - heard > DEAD_MS) { worked[from] = false; go(from + 1); }
    } catch { /* an outage */ }
  }
  /** A sign of trouble from elsewhere: ask the connection, but not twice at a time. */
  function suspect() {
    if (Date.now() - restarted > 2000) { lost(); restart(); }
  }
  function climbLater() {
    clearTimeout(climb);
    climb = setTimeout(tryAbove, climbIn * (0.8 + Math.random() * 0.4));
    climbIn = Math.min(climbIn * 2, LONGEST_CLIMB_MS);
  }
  /** A socket on the side: what is shown stays live while it is tried. */
  function tryAbove() {
    const side = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${RUNGS[SOCKET][2]}${query(cursor, { page: 0, topics: '' })}`);
    const late = setTimeout(() => side.close(), HELLO_MS);
    let spoke = false;
    side.onmessage = () => { spoke = true; side.close(); };
    side.onclose = () => {
      clearTimeout(late);
      if (ended || rung === SOCKET) return;
      if (spoke) go(SOCKET); else climbLater();
    };
  }

  // --- a frame was applied
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== el) return showPage(ctx.anew || ctx.target?.id === 'main');
    const frame = ctx.live;
    if (!frame) return;                        // a proxy's page is no frame
    if ('revoked' in frame) return revoked();
    heard = stirred = Date.now();
    barren = fails = 0;
    worked[rung] = true;
    clearTimeout(hello);
    if (rung === SOCKET) climbIn = CLIMB_MS;
    if (frame.delayed) delayed = frame.delayed === '1';
    if (frame.seq) cursor = frame.seq;
    if (frame.shown === String(wanted.page)) known = wanted;
    if (connection) connection.config.reconnectDelay = frame.retry ? Number(frame.retry) : FIRST_DELAY_MS;
    tell('crea:state', { state: delayed ? 'delayed' : 'on', heard });
    if ('reset' in frame) tell('crea:reset');
  });
  function revoked() {
    ended = true;
    clearTimeout(climb);
    clearTimeout(again);
    tell('crea:state', { state: 'revoked' });
    location.reload();
  }
  function opened(opening) {
    stirred = Date.now();
    if (opening) {
      opening.config.reconnectDelay = Math.min(FIRST_DELAY_MS * 2 ** barren, LONGEST_DELAY_MS);
      barren++;                                // until a frame comes
    }
    if (rung === SOCKET) say();
    tell('crea:open');
  }
  /** Applies a frame that htmx did not fetch itself. */
  const apply = text => htmx.swap({ sourceElement: el, target: el, swap: 'none', text }).catch(() => tell('crea:reset'));

  const on = (name, handle) => document.addEventListener(name, e => { if (e.target === el) handle(e.detail, e); });

  // --- first rung: a socket
  const aim = () => { if (connection && rung === SOCKET) connection.url = socketUrl(); };
  on('htmx:ws:before:connection', detail => { connection = detail.connection; aim(); });
  on('htmx:ws:after:connection', () => opened(connection));
  on('htmx:ws:after:message:incoming', aim);
  on('htmx:ws:close', ({ reason, code, connection: closed }) => {
    if (reason !== 'closed' || rung !== SOCKET) return;
    if (code === 4403) return revoked();
    failed();
    if (rung === SOCKET && !closed.config.reconnectCodes.includes(code)) setTimeout(restart, 3000 + Math.random() * 2000);
  });
  on('htmx:ws:error', ({ error }) => { if (error instanceof Error && isOpen()) tell('crea:reset'); });

  // --- second rung: a stream; the extension keeps the last event's id and comes back with it
  on('htmx:config:request', ({ ctx }) => { ctx.request.action += query(oldest(), wanted); });
  on('htmx:sse:before:connection', detail => { connection = detail.connection; if (connection.attempt > 0) lost(); });
  on('htmx:sse:after:connection', () => opened(connection));
  on('htmx:sse:error', failed);
  // The extension uses one context for all messages; what one of them said is not to be said again by the next.
  on('htmx:sse:before:message', (detail, e) => { e.preventDefault(); detail.waitUntil(apply(detail.message.data)); });
  // Its first request is not repeated by itself.
  for (const name of ['htmx:response:error', 'htmx:error']) {
    on(name, () => {
      if (rung !== STREAM) return;
      failed();
      if (rung === STREAM) again = setTimeout(restart, Math.min(FIRST_DELAY_MS * 2 ** fails, LONGEST_DELAY_MS));
    });
  }

  // --- third rung: a request every few seconds
  async function poll() {
    const turn = ++polls, mine = restarted;
    let wait = POLL_MS;
    try {
      const dots = turn % DOTS_EVERY === 1 ? '&dots=1' : '';
      const answer = await fetch(RUNGS[POLL][2] + query(oldest(), wanted) + dots, { signal: AbortSignal.timeout(POLL_PATIENCE_MS) });
      const text = await answer.text();
      if (rung !== POLL || mine !== restarted || ended) return;
      if (!answer.ok || !text.startsWith('<hx-live')) throw new Error(`no frame: ${answer.status}`);
      if (turn === 1 || fails) opened();
      await apply(text);
    } catch {
      if (rung !== POLL || mine !== restarted || ended) return;
      failed();
      wait = Math.min(POLL_MS * fails, LONGEST_DELAY_MS);
    }
    if (rung === POLL && mine === restarted) again = setTimeout(poll, wait);
  }

  setInterval(() => { if (rung !== POLL && Date.now() - stirred > QUIET_MS) { tell('crea:state', { state: 'off' }); restart(); } }, 1000);
  addEventListener('offline', lost);
  addEventListener('online', () => {
    lost();
    climbIn = CLIMB_MS;
    restart();
    if (rung !== SOCKET) tryAbove();
  });
  addEventListener('pageshow', e => { if (e.persisted) location.reload(); });
  document.addEventListener('htmx:error', ({ detail: { ctx, error } }) => {
    if (error instanceof TypeError && ctx?.request && ctx.sourceElement !== el) suspect();
  });
  document.addEventListener('crea:network', suspect);
  document.addEventListener('crea:send', ({ detail }) => send(detail));

  drawn = main();
  known = wanted = { ...view(), page: 0 };
  cursor = wanted.since ?? '';
  let begin = SOCKET;
  try { begin = Number(sessionStorage.getItem(KEY)) || SOCKET; } catch { /* at the top */ }
  choose(RUNGS[begin] ? begin : SOCKET);       // before htmx looks at the page
  if (rung === POLL) restart();
})();
