// Lists of conversations: what rows, the same for everyone, cannot know.
//
// A conversation that is pinned (#pin-ID) stands above the others: its twin in
// the list below (#c-ID) is passed over. A list of one kind (data-tab) keeps its
// tab when a row of it is opened.
(() => {
  'use strict';
  function mark() {
    const list = document.querySelector('.chat-side .conv-list[data-tab]');
    if (!list) return;
    const pinned = new Set([...document.querySelectorAll('.conv-pinned .conv')].map(row => row.id.replace('pin-', 'c-')));
    for (const row of list.children) row.toggleAttribute('data-twin', pinned.has(row.id));
    const query = list.dataset.tab ? `?kind=${list.dataset.tab}` : '';
    for (const link of list.querySelectorAll('.conv-link')) if (link.search !== query) link.search = query;
  }
  document.addEventListener('htmx:after:swap', mark);
  mark();
})();
