// Makes ../icons.svg: the icons named in icons.txt, and the wordmark, as symbols.
//
//     npm install && node icons.mjs [node_modules]
//
// Run by hand when icons.txt changes, and commit what it writes.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(process.argv[2] ?? join(here, 'node_modules'));
const home = join(modules, '@tabler/icons');
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const names = readFileSync(join(here, 'icons.txt'), 'utf8').split('\n').filter(Boolean);

/** A drawing as a symbol; its strokes and fills come from the place that uses it. */
function symbol(name, svg) {
  const box = svg.match(/viewBox="([^"]+)"/)[1];
  const inner = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', '').replace(/\s*\n\s*/g, '').trim();
  return `<symbol id="${name}" viewBox="${box}">${inner}</symbol>`;
}

const symbols = names.map(name => symbol(name, readFileSync(join(home, 'icons/outline', `${name}.svg`), 'utf8')));
symbols.push(symbol('crea', readFileSync(join(here, '../wordmark.svg'), 'utf8')));
writeFileSync(join(here, '../icons.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons ${version}, MIT licence, icons.LICENSE.txt -->\n${symbols.join('\n')}\n</svg>\n`);
writeFileSync(join(here, 'icons.LICENSE.txt'), readFileSync(join(home, 'LICENSE'), 'utf8').trimEnd() + '\n');
console.log(`${names.length} icons of Tabler Icons ${version}`);
