// Relative words ("hace 5 min") for `<time data-relative>`; in `<time data-day>` the
// hour of what is of today. All other times stay as the server wrote them. What has
// `data-due` is marked `data-over` from then on.
(() => {
  'use strict';
  const STEPS = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600]];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || 'es', { numeric: 'auto', style: 'short' });

  function update() {
    for (const time of document.querySelectorAll('time[data-relative]')) {
      const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
      const step = STEPS.find(([below]) => seconds < below);
      if (!step) continue;
      const text = words.format(-Math.floor(seconds / step[2]), step[1]);
      if (time.textContent !== text) time.textContent = text;
    }
  }
  function days() {
    const today = new Date().toDateString();
    for (const time of document.querySelectorAll('time[data-day]')) {
      const text = new Date(time.dateTime).toDateString() === today ? time.dataset.clock : time.dataset.day;
      if (time.textContent !== text) time.textContent = text;
    }
  }
  function dues() {
    for (const due of document.querySelectorAll('[data-due]')) due.toggleAttribute('data-over', Date.parse(due.dataset.due) <= Date.now());
  }
  document.addEventListener('htmx:after:swap', () => { update(); days(); dues(); });
  setInterval(dues, 10000);
  dues();
  setInterval(days, 60000);
  days();
  setInterval(update, 20000);
  update();
})();
