// Copies the pinned front-end packages into this folder.
//
//     npm install && node vendor.mjs [node_modules]
//
// Run by hand when a version in package.json changes, and commit what it
// writes: the build embeds these files and needs no Node.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { dropIdleAnimations, prune } from './prune.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(process.argv[2] ?? join(here, 'node_modules'));
const pinned = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).devDependencies;
const manifest = [];

/** A file of a package, after making sure that the installed version is the pinned one. */
function source(name, file) {
  const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  if (version !== pinned[name]) throw new Error(`${name} is ${version}, package.json pins ${pinned[name]}`);
  return readFileSync(join(modules, name, file), 'utf8');
}

/** Writes a vendored file, after the checks that the content security policy asks for. */
function write(file, text, name, from, licence) {
  text = text.replace(/\n?\/[/*][#@] sourceMappingURL=.*/g, '').trimEnd() + '\n';
  if (/@import|url\((?!\s*["']?(?:data:|#))/.test(file.endsWith('.css') ? text : '')) throw new Error(`${file} loads something else`);
  writeFileSync(join(here, file), text);
  manifest.push({ file, package: name, version: pinned[name], source: from, licence, sha256: createHash('sha256').update(text).digest('hex') });
  return text;
}

for (const file of ['htmx.min.js', 'hx-ws.min.js', 'hx-sse.min.js']) {
  const from = file === 'htmx.min.js' ? `dist/${file}` : `dist/ext/${file}`;
  write(file, source('htmx.org', from), 'htmx.org', from, 'htmx.LICENSE.txt');
}
writeFileSync(join(here, 'htmx.LICENSE.txt'), source('htmx.org', 'LICENSE').trimEnd() + '\n');

const from = 'dist/css/tabler.min.css';
const full = source('@tabler/core', from);
const banner = full.match(/\/\*![\s\S]*?\*\//)[0];
const css = write('tabler.css', `${banner}\n${dropIdleAnimations(prune(full))}`, '@tabler/core', `${from}, pruned`, 'tabler.LICENSE.txt');
const brotli = brotliCompressSync(css, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(css) } });
const gzip = gzipSync(css, { level: 9 });
writeFileSync(join(here, 'tabler.css.br'), brotli);
writeFileSync(join(here, 'tabler.css.gz'), gzip);

// The package carries no licence file: the MIT text with the holders named in its banner.
const holders = [...banner.matchAll(/Copyright .*/g)].map(m => m[0].trim()).join('\n');
writeFileSync(join(here, 'tabler.LICENSE.txt'), `MIT License

${holders}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`);

writeFileSync(join(here, 'VENDOR.json'), JSON.stringify(manifest, null, 2) + '\n');
for (const { file, package: name, version, sha256 } of manifest) console.log(file, name, version, sha256.slice(0, 12));
console.log(`tabler.css ${css.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
