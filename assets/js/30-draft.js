// What was written and not sent yet outlives a reload of the tab.
//
// form[data-composer="CONVERSATION"]
(() => {
  'use strict';
  const { kept } = crea;
  const textarea = form => form.querySelector('textarea[name="body"]');
  function prepare() {
    for (const form of document.querySelectorAll('form[data-composer]')) {
      if (form.dataset.ready) continue;
      form.dataset.ready = 'true';
      const field = textarea(form);
      if (!field.value) field.value = kept.get(`draft:${form.dataset.composer}`, '');
      if (field.value) field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  document.addEventListener('crea:typed', ({ detail: { form } }) => kept.set(`draft:${form.dataset.composer}`, textarea(form).value));
  document.addEventListener('htmx:after:swap', prepare);
  prepare();
})();
