// The oracle of the Rust tests, held against htmx: both make the same of the same frames.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forget } from '../lib/forget.mjs';
import { Replay, readJson, same } from '../lib/replay.mjs';

const CASES = fileURLToPath(new URL('../../oracle/cases.json', import.meta.url));
const LABELS = { available: 'Disponible', offline: 'Sin conexión' };

export default [
  ['Chromium makes of frames what the oracle of the tests makes of them', async t => {
    const replay = await Replay.start(await t.signIn('administrador'));
    const wrong = [];
    await replay.loadBare(LABELS);
    for (const { name, page, frames, after } of readJson(CASES)) {
      await replay.begin(page);
      await replay.send(frames);
      try {
        same(name, await replay.tree('#main'), await replay.treeOf(after));
      } catch (error) { wrong.push(error.message); }
    }
    if (wrong.length) throw new Error(`${wrong.length} differ\n    ${wrong.slice(0, 3).join('\n    ')}`);
  }],

  ['Chromium makes of recorded scenarios what the oracle of the tests made of them', async t => {
    const replay = await Replay.start(await t.signIn('administrador'));
    const folder = process.env.CREA_RECORDINGS, wrong = [];
    for (const file of readdirSync(folder).filter(name => name.endsWith('.json'))) {
      const { rules, recordings } = readJson(join(folder, file));
      for (const [n, { path, page, frames, after }] of recordings.entries()) {
        await replay.load(page, path);
        await replay.send(frames);
        const me = page.match(/data-me="([^"]*)"/)?.[1];
        for (const region of rules.regions) {
          const trees = [await replay.element(`#${region}`), after[region]].map(tree => [forget(tree, rules, me)]);
          try { same(`${file} ${n}, ${path}, #${region}`, ...trees); } catch (error) { wrong.push(error.message); }
        }
      }
    }
    if (wrong.length) throw new Error(`${wrong.length} differ\n    ${wrong.slice(0, 3).join('\n    ')}`);
  }, { needs: ['CREA_RECORDINGS'] }],
];
