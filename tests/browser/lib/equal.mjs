// Live equals reload: what pushes made of a page is what a fresh load shows.

import { setTimeout as pause } from 'node:timers/promises';

/** Fails unless the page comes to equal a fresh load; what is on its way while the load is drawn may take a moment. */
export async function equalsReload(page, within = 2000) {
  const end = Date.now() + within;
  for (let found; (found = await difference(page)); await pause(100)) {
    if (Date.now() > end) throw new Error(`the page differs from a reload in ${found}`);
  }
}

/** The first difference between the page and a fresh load of its address, or nothing. */
function difference(page) {
  return page.evaluate(async () => {
    const REGIONS = ['#main', '#dock', '#unread-total', '#unread-rail', '#agent-state', '#critical', '#ringing'];
    // What differs by nature: the marks of scripts at work, the cursor, ids made anew for each drawing.
    const MARKS = ['data-htmx-powered', 'data-ready', 'data-seq', 'data-last-read', 'data-draft-at', 'data-unreceived', 'data-found', 'data-at', 'data-from', 'data-twin', 'data-over', 'style', 'aria-expanded'];
    const normal = root => {
      if (!root) return 'missing';
      const copy = root.cloneNode(true);
      for (const el of copy.querySelectorAll('noscript,[data-divider]')) el.remove(); // text here, elements in the other; this tab's own line
      for (const el of [copy, ...copy.querySelectorAll('*')]) {
        for (const name of MARKS) el.removeAttribute(name);
        if (el.matches('[data-presence]')) for (const name of ['data-state', 'aria-label', 'title']) el.removeAttribute(name);
        if (el.matches('[data-looking]')) el.hidden = true;
        if (el.matches('.conv-link')) {        // the mark of the open one, and the tab that an address keeps, are a script's
          el.removeAttribute('aria-current');
          el.setAttribute('href', new URL(el.getAttribute('href'), location.href).pathname);
        }
        if (el.matches('time, [data-typing], [data-looking]')) el.textContent = '';          // who types now is told to who listens, and not kept
        if (el.matches('input[name=id], form[data-composer] [name=files]')) el.removeAttribute('value');
        if (el.matches('form[data-composer] textarea, [data-waiting]')) el.textContent = '';    // what one is about to send, here
        if (el.matches('[data-new-pill],[data-end-count],[data-count-left]')) el.textContent = '';
        el.classList.remove('htmx-added', 'htmx-settling', 'htmx-swapping', 'htmx-request');
        if (!el.getAttribute('class')) el.removeAttribute('class');
        for (const { name, value } of [...el.attributes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
          el.removeAttribute(name);
          el.setAttribute(name, value);
        }
      }
      return copy.outerHTML.replace(/\s+/g, ' ').replace(/> </g, '><');
    };
    // A stream holds what it was drawn with and all that came since; a reload, the last page of it.
    const sameWindow = (list, fresh) => {
      const from = Number(fresh?.firstElementChild?.dataset.sort);
      const older = [...list.children].filter(el => Number(el.dataset.sort) < from);
      for (const el of older) el.remove();
      return older.length > 0;
    };
    const text = await (await fetch(location.href, { headers: { Accept: 'text/html' } })).text();
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    const here = document.body.cloneNode(true);
    for (const list of here.querySelectorAll('[role="log"], .msgs, .entries')) {
      const other = fresh.getElementById(list.id);
      if (sameWindow(list, other)) {
        for (const body of [here, fresh]) body.querySelector(`#${list.id.replace('m-', 'older-')}, .entry-more`)?.remove();
      }
    }
    for (const region of REGIONS) {
      const [now, then] = [normal(here.querySelector(region)), normal(fresh.querySelector(region))];
      if (now === then) continue;
      let at = 0;
      while (now[at] === then[at]) at++;
      const around = html => html.slice(Math.max(0, at - 120), at + 160);
      return `${region} of ${location.pathname}\n      live:   …${around(now)}\n      reload: …${around(then)}`;
    }
    return null;
  });
}
