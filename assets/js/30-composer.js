// Where a message is written: Enter sends, the box grows with the text.
//
// form[data-composer="CONVERSATION"] (action, textarea[name=body]); its other
// fields are posted with the message. `crea:composing` {form, entry, after} lets
// others add to the entry, give `after` what the post must wait for, or hold it
// back (preventDefault); then come `crea:post` and `crea:sent`. Whoever changes
// the text from a script dispatches `input`; `crea:typed` {form} follows.
(() => {
  'use strict';
  const NEAR_LIMIT = 200, MAX_LINES = 8;
  const textarea = form => form.querySelector('textarea[name="body"]');
  const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));

  /** A UUID of version 7. Plain http has no crypto.randomUUID. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let i = 5; i >= 0; i--) { bytes[i] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  function submit(form) {
    const field = textarea(form), body = field.value.trim(), limit = Number(field.maxLength);
    if (limit > 0 && [...body].length > limit) return;
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
    const entry = { id: newId(), conversation: form.dataset.composer, url: form.action, body, fields, files: [], at: Date.now() };
    const detail = { form, entry, after: [] };
    if (!announce('crea:composing', detail) || (!body && !entry.files.length)) return;
    field.value = '';
    typed(form);
    announce('crea:post', { entry, after: Promise.allSettled(detail.after) });
    announce('crea:sent', { conversation: entry.conversation, form });
  }
  /** Measured on a copy: to collapse the field itself would make the messages above it jump. */
  function heightFor(field) {
    const copy = field.cloneNode();
    copy.removeAttribute('id');
    copy.removeAttribute('name');
    copy.value = field.value;
    Object.assign(copy.style, { position: 'absolute', visibility: 'hidden', height: '0', minHeight: '0', width: `${field.offsetWidth}px` });
    field.after(copy);
    const style = getComputedStyle(copy), line = parseFloat(style.lineHeight) || 20;
    const frame = field.offsetHeight - field.clientHeight;
    const padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    const height = Math.min(copy.scrollHeight, line * MAX_LINES + padding) + frame;
    copy.remove();
    return height;
  }
  /** Height and count follow the text. */
  function typed(form) {
    const field = textarea(form), count = form.querySelector('[data-count-left]');
    field.style.height = `${heightFor(field)}px`;
    const left = Number(field.maxLength) - field.value.length;
    if (count) {
      count.hidden = !(field.maxLength > 0 && left <= NEAR_LIMIT);
      count.textContent = String(left);
    }
    announce('crea:typed', { form });
  }

  document.addEventListener('submit', e => {
    if (!e.target.matches('form[data-composer]')) return;
    e.preventDefault();
    e.stopPropagation();                       // htmx listens on the form itself
    submit(e.target);
  }, true);
  document.addEventListener('keydown', e => {
    const form = e.target.closest?.('form[data-composer]');
    if (!form || e.defaultPrevented || e.target !== textarea(form) || e.key !== 'Enter') return;
    if (e.isComposing || e.keyCode === 229 || e.shiftKey || e.altKey) return;
    e.preventDefault();
    submit(form);
  });
  document.addEventListener('input', e => {
    const form = e.target.closest?.('form[data-composer]');
    if (form && e.target === textarea(form)) typed(form);
  });

  // --- A conversation opens ready to write in, but not where a keyboard would cover half of it, nor for one who came to see
  // a certain message. Escape leaves the field.
  const mouse = matchMedia('(hover: hover) and (pointer: fine)');
  let opened = null;
  function open() {
    const form = document.querySelector('form[data-composer]');
    if (opened === (opened = form?.dataset.composer ?? null) || !form) return;
    if (mouse.matches && !location.search && !location.hash) textarea(form).focus({ preventScroll: true });
  }
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => { if (ctx.sourceElement?.id !== 'live') open(); });
  open();
})();
