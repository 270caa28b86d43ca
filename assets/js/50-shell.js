// The shell around the page: theme, dock, menus, active link, unread count and
// ringing alarms in title and icon.
//
// html[data-theme=auto], [data-dock-toggle], details[data-menu], a[data-nav],
// #main[data-nav], #unread-total[data-count], link[rel=icon][data-unread-href]
(() => {
  'use strict';
  const root = document.documentElement;
  const kept = { get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* forgotten on the next page */ } } };

  // --- theme: the server writes light or dark; auto follows the system
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = () => { if (root.dataset.theme === 'auto') root.dataset.bsTheme = dark.matches ? 'dark' : 'light'; };
  dark.addEventListener('change', theme);
  theme();

  // --- dock: open or closed as the person left it; over the page (narrow) it starts closed
  const wide = matchMedia('(min-width: 1280px)');
  function dock(state) {
    root.dataset.dock = state;
    for (const button of document.querySelectorAll('[data-dock-toggle]')) button.setAttribute('aria-expanded', String(state === 'open'));
  }
  dock(wide.matches ? kept.get('crea:dock') ?? 'open' : 'closed');
  wide.addEventListener('change', () => dock(wide.matches ? kept.get('crea:dock') ?? 'open' : 'closed'));

  // --- the link of the page that is shown
  function mark() {
    const now = document.getElementById('main')?.dataset.nav;
    if (now === undefined) return;
    for (const link of document.querySelectorAll('a[data-nav]')) {
      if (link.dataset.nav === now) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
    }
  }

  /** Rows of the open conversation: pushed rows are the same for everyone and do not know it. */
  function markOpen() {
    for (const link of document.querySelectorAll('.conv-link')) {
      const open = link.pathname === location.pathname;
      if (open === link.hasAttribute('aria-current')) continue;
      if (open) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
    }
  }

  // --- unread count
  const unread = () => Number(document.getElementById('unread-total')?.dataset.count ?? 0);
  const ringing = () => document.querySelectorAll('#ringing [data-alarm]').length;
  /** An icon of 32 px has room for two digits; more are a dot. */
  const numbered = (count, ground = '#0f766e') => `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${ground}"/><text x="16" y="23" font-family="system-ui,sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${count}</text></svg>`)}`;
  function title() {
    const count = unread(), rings = ringing(), plain = document.title.replace(/^(⏰ \d+ )?(\(\d+\+?\) )?/u, '');
    const wanted = (rings ? `⏰ ${rings} ` : '') + (count > 0 ? `(${count > 99 ? '99+' : count}) ` : '') + plain;
    if (document.title !== wanted) document.title = wanted;
    const icon = document.querySelector('link[rel="icon"][data-unread-href]');
    if (!icon) return;
    icon.dataset.plainHref ??= icon.href;
    const href = rings ? numbered(rings, '#b45309') : count > 99 ? icon.dataset.unreadHref : count > 0 ? numbered(count) : icon.dataset.plainHref;
    if (icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  }
  const badge = document.getElementById('unread-total')?.parentElement;
  if (badge) new MutationObserver(title).observe(badge, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-count'] });
  const alarms = document.getElementById('ringing');
  if (alarms) new MutationObserver(title).observe(alarms, { childList: true });
  const words = document.querySelector('title');
  if (words) new MutationObserver(title).observe(words, { childList: true });

  const closeMenus = except => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) if (menu !== except) menu.open = false;
  };
  document.addEventListener('click', e => {
    closeMenus(e.target.closest?.('details[data-menu]'));
    if (e.target.closest?.('details[data-menu] a[href]')) closeMenus();
    if (!e.target.closest?.('[data-dock-toggle]')) return;
    const state = root.dataset.dock === 'open' ? 'closed' : 'open';
    dock(state);
    if (wide.matches) kept.set('crea:dock', state);
  });
  document.addEventListener('submit', () => closeMenus());
  document.addEventListener('focusin', e => closeMenus(e.target.closest?.('details[data-menu]')));
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    markOpen();
    if (ctx.sourceElement?.id === 'live') return;
    mark();
    if (!wide.matches && ctx.select) dock('closed');
  });
  mark();
  markOpen();
  title();
})();
