// Makes a smaller and faster style sheet out of Tabler's.
//
// Dropped are selectors with sibling combinators or class-substring matches
// (each change of a large live list would restyle the whole page), selectors
// that name a component the product does not use, and what is left empty by
// that. The order of the rest is kept.

const UNUSED = [
  'accordion', 'apexcharts', 'aside', 'breadcrumb', 'calendar', 'carousel', 'chart', 'chat', 'col(?:umns?)?-',
  'cookie-banner', 'countup', 'datagrid', 'demo', 'divide', 'drop(?:down|up|end|start)', 'flag', 'float',
  'form-colorinput', 'form-imagecheck', 'form-selectgroup', 'fslightbox', 'g[xy]?-\\d', 'grid', 'img-responsive',
  'jsvectormap', 'layout-', 'legend', 'list-timeline', 'litepicker', 'markdown', 'marketing', 'mention', 'modal',
  'nav(?:bar)?', 'noUi', 'object-', 'offcanvas', 'offset-', 'order-', 'otp', 'page-(?!link|item)', 'payment',
  'placeholder', 'plyr', 'popover', 'prose', 'ratio', 'ribbon', 'row-cols', 'segmented', 'signal', 'social',
  'sortable', 'sparkline', 'star-rating', 'steps?', 'strength', 'switch-icon', 'theme-', 'timeline', 'toast',
  'tooltip', 'tox', 'tracking', 'ts-', 'typed', 'bs-(?:popover|tooltip)', '(?:bg|text|btn|border|alert|badge|status|link|avatar|card|list-group-item|table|progress|icon)-(?:[a-z-]+-)?(?:gradient|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|x|gray-\\d+|azure|indigo|purple|pink|lime|cyan|facebook-fg|google-fg)(?:-lt|-fg|-subtle|-emphasis)?\\b',
];
const unused = new RegExp(`\\.(?:${UNUSED.join('|')})`);

/** Whether the selector has a combinator or match that is slow in large live lists. */
function slow(selector) {
  const outside = selector.replace(/\[[^\]]*\]/g, '').replace(/\\./g, '').replace(/\b\d*n\s*[+-]\s*\d+/g, '');
  return /[+~]/.test(outside) || /\[class[*^$|~]?=/.test(selector);
}

/** Splits at top-level commas. */
function split(list) {
  const parts = [];
  let depth = 0, quote = '', from = 0;
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (quote) { if (c === '\\') i++; else if (c === quote) quote = ''; }
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) { parts.push(list.slice(from, i)); from = i + 1; }
  }
  return [...parts, list.slice(from)];
}

/** Where the block that opens at `open` closes. */
function closing(css, open) {
  let depth = 0, quote = '';
  for (let i = open; i < css.length; i++) {
    const c = css[i];
    if (quote) { if (c === '\\') i++; else if (c === quote) quote = ''; }
    else if (c === '"' || c === "'") quote = c;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  throw new Error(`a block is not closed at ${open}`);
}

/** The rules of `css`, without the unwanted ones. */
export function prune(css) {
  css = css.replace(/\/\*(?!!)[\s\S]*?\*\//g, '').replace(/\/\*![\s\S]*?\*\//g, '').replace(/@charset[^;]*;/, '');
  let out = '', at = 0;
  while (at < css.length) {
    const brace = css.indexOf('{', at);
    if (brace < 0) break;
    const head = css.slice(at, brace).trim(), end = closing(css, brace), body = css.slice(brace + 1, end);
    at = end + 1;
    if (/^@(?:media|supports|layer|container)/.test(head)) {
      const inner = prune(body);
      if (inner && !/^@media print/.test(head)) out += `${head}{${inner}}`;
    } else if (head.startsWith('@')) {
      out += `${head}{${body}}`;
    } else {
      const kept = split(head).filter(s => !slow(s) && !unused.test(s));
      if (kept.length) out += `${kept.join(',')}{${body}}`;
    }
  }
  return out;
}

/** Drops animations that no rule uses any more. */
export function dropIdleAnimations(css) {
  return css.replace(/@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}/g, (whole, name) => {
    const rest = css.replace(whole, '');
    return new RegExp(`[:, ]${name}[ ;,}!]`).test(rest) ? whole : '';
  });
}
