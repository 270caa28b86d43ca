// Tiles that are drawn anew by their own feed, about once a second.
//
// Every drawing has another number in `data-tile`. `[data-tile-age]` says how long
// the last one has been there ("hace {n} s"); after STALE_MS without another the
// tile is `data-stale` and grey, after GONE_MS it leaves.
(() => {
  'use strict';
  const STALE_MS = 5000, GONE_MS = 120000;
  const drawn = new Map();                     // id of a tile → { number, at }

  function look() {
    const now = Date.now(), tiles = document.querySelectorAll('[data-tile]');
    for (const tile of tiles) {
      const number = tile.dataset.tile;
      if (drawn.get(tile.id)?.number !== number) drawn.set(tile.id, { number, at: now });
      const age = now - drawn.get(tile.id).at, place = tile.querySelector('[data-tile-age]');
      if (age > GONE_MS && tiles.length > 1) { tile.remove(); continue; }
      tile.toggleAttribute('data-stale', age > STALE_MS);
      const text = age < 1500 ? '' : place?.dataset.tileAge.replace('{n}', String(Math.round(age / 1000))) ?? '';
      if (place && place.textContent !== text) place.textContent = text;
    }
    for (const id of drawn.keys()) if (!document.getElementById(id)) drawn.delete(id);
  }
  document.addEventListener('htmx:after:swap', look);
  setInterval(look, 1000);
  look();
})();
