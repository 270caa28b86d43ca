// Requests: one at a time per form, failures said aloud, pages of another shell
// loaded whole, toasts that leave.
//
// body[data-text-network], body[data-text-server], template#toast-template, #toasts
(() => {
  'use strict';
  const TOAST_MS = 6000, MOST_TOASTS = 3;
  const toasts = () => document.getElementById('toasts');

  // --- toasts
  function say(text) {
    const template = document.getElementById('toast-template'), box = toasts();
    if (!text || !template || !box) return;
    if ([...box.children].some(toast => toast.textContent.includes(text))) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector('[data-toast-text]').textContent = text;
    box.append(toast);
  }
  function leave(toast) {
    if (!toast.isConnected) return;
    if (toast.matches(':hover,:focus-within')) setTimeout(leave, 1000, toast); else toast.remove();
  }
  if (toasts()) {
    new MutationObserver(changes => {
      for (const toast of changes.flatMap(change => [...change.addedNodes])) {
        if (toast.nodeType === Node.ELEMENT_NODE) setTimeout(leave, TOAST_MS, toast);
      }
      while (toasts().children.length > MOST_TOASTS) toasts().firstElementChild.remove();
    }).observe(toasts(), { childList: true });
  }
  document.addEventListener('click', e => e.target.closest?.('[data-toast-close]')?.closest('#toasts > *')?.remove());

  // --- forms: a second submit waits for the first one's answer
  const busy = new Set();
  function hold(form) {
    busy.add(form);
    form.setAttribute('aria-busy', 'true');
  }
  function free(form) {
    busy.delete(form);
    form.removeAttribute('aria-busy');
  }
  document.addEventListener('submit', e => {
    if (!busy.has(e.target)) return;
    e.preventDefault();
    e.stopPropagation();
  }, true);
  document.addEventListener('submit', e => {   // a form that htmx leaves to the browser
    if (!e.defaultPrevented && e.target.method === 'post') hold(e.target);
  });
  addEventListener('pageshow', () => [...busy].forEach(free));
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => { if (ctx.sourceElement.matches?.('form')) hold(ctx.sourceElement); });
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => free(ctx.sourceElement));

  // --- failures: said aloud, and no address of a page that is not shown; the connection bar speaks for #live
  const isLive = ctx => ctx.sourceElement?.id === 'live';
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => { if (ctx?.request && !isLive(ctx)) say(document.body.dataset.textNetwork); });
  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    ctx.push = ctx.replace = 'false';
    if (isLive(ctx)) return;
    const { status } = ctx.response;
    if (![409, 422].includes(status) && !isWhole(ctx) && !/<hx-partial/.test(ctx.text)) say(document.body.dataset.textServer);
  });

  // --- what has no place in this page is loaded whole: sign-in after the session ended, "not found" behind a link
  const isShell = text => /\sid="?live"?[\s>]/.test(text);
  function isWhole({ select, response, request, text }) {
    if (!select || !response || !document.getElementById('live')) return false;
    if (response.status < 400) return !isShell(text);
    return response.status < 500 && response.status !== 422 && request.method === 'GET';
  }
  document.addEventListener('htmx:before:swap', e => {
    if (!isWhole(e.detail.ctx)) return;
    e.preventDefault();
    location.assign(e.detail.ctx.response.raw.url);
  });
})();
