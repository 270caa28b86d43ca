// Reset: draws the live regions anew from this page's address, when what is shown
// may have missed something. What a person types, has open and looks at stays. A
// page that the person may no longer see is loaded anew, which says so.
//
// `<hx-person of="ID ID">` in a frame says that people have another name, role or
// photo now, or another account: a page that shows one of them is drawn anew, some
// seconds apart from other screens; a hidden tab when it is looked at.
(() => {
  'use strict';
  const GONE = [401, 403, 404, 410];
  const REGIONS = ['#main', '#dock', '#agent-state', '#critical', '#ringing', '#me'];
  let refreshing = false, again = false;
  async function refresh(attempt = 0) {
    if (refreshing) { again = true; return; }
    refreshing = true;
    again = false;
    const address = location.href;
    try {
      const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'full', 'HX-Current-URL': address, Accept: 'text/html' };
      const answer = await fetch(address, { headers, signal: AbortSignal.timeout(20000) });
      if (GONE.includes(answer.status)) { if (address === location.href) location.reload(); return; }
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
    await htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text: text.join(''), anew: true });
  }
  document.addEventListener('crea:reset', () => refresh());

  const NAMING = ['me', 'names', 'person', 'presence', 'sender', 'reactors', 'mentions'];
  const EVERY_MS = 3000, SPREAD_MS = 2000;
  let due = false, last = 0;
  const shows = id => document.querySelector(NAMING.map(name => `[data-${name}~="${CSS.escape(id)}"]`).join()) !== null;
  function later() {
    if (due) return;
    due = true;
    setTimeout(go, Math.max(0, last + EVERY_MS - Date.now()) + Math.random() * SPREAD_MS);
  }
  function go() {
    if (!due || document.visibilityState === 'hidden') return;
    due = false;
    last = Date.now();
    refresh();
  }
  htmx.registerExtension('crea-people', {
    htmx_process_person: (tag, { ctx }) => { (ctx.people ??= []).push(...(tag.getAttribute('of') ?? '').split(' ')); },
    htmx_after_swap: (_, { ctx }) => { if (ctx.people?.some(shows)) later(); },
  });
  document.addEventListener('visibilitychange', go);
})();
