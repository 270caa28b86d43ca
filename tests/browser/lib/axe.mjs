// Accessibility by axe-core, without its milder findings.

import { createRequire } from 'node:module';

const { source } = createRequire(import.meta.url)('axe-core');

/** The serious and critical findings on the page, one line each. */
export async function findings(page) {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.slice(0, 4).map(node => `${id}: ${node.target.join(' ')} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`));
  });
}
