// What a comparison with the oracle passes by: its own closed list, and the traces of scripts at work.

const TRACES = {
  // The line above what is new is this tab's own, and so are the pills that count what came since it was read.
  gone: ['data-divider'],
  wordless: ['data-new-pill', 'data-end-count', 'data-typing'],
};
/** The mark of the open conversation and the tab of the list that its address keeps. */
const OPEN = 'conv-link';
/** The row of a pinned conversation among the others, which `32-lists.js` marks to be passed over. */
const TWIN = 'data-twin';
/** The pill of what is new shows where the reader is not at the end. */
const PILL = 'data-new-pill';

/** A tree without what `rules` (tests/oracle/compare.rs) and TRACES name. `me` is whose page it is. */
export function forget(node, rules, me) {
  if (typeof node === 'string' || node === null) return node;
  const [name, attributes, children] = node;
  const kept = { ...attributes };
  for (const { attribute, of } of rules.volatile) if (attribute && of in attributes) delete kept[attribute];
  if (attributes.class?.split(' ').includes(OPEN)) {
    delete kept['aria-current'];
    kept.href = new URL(kept.href, 'http://crea').pathname;
  }
  if (PILL in attributes) delete kept.hidden;
  delete kept[TWIN];
  if (me && attributes['data-presence'] === me) for (const dot of rules.dot) delete kept[dot];
  const isEmptied = rules.volatile.some(({ inside }) => inside && inside in attributes);
  const isWordless = isEmptied || rules.volatile.some(({ words }) => words === name) || TRACES.wordless.some(mark => mark in attributes);
  const inner = isWordless ? [] : children.filter(child => !isGone(child, rules)).map(child => forget(child, rules, me));
  for (const child of inner) {
    const isField = ({ field, of }) => field && of in attributes && child[1]?.name === field;
    if (rules.volatile.some(isField)) delete child[1].value;
  }
  return [name, kept, joined(inner)];
}

const isGone = (child, rules) => typeof child !== 'string'
  && (rules.volatile.some(({ whole }) => whole === child[0]) || TRACES.gone.some(mark => mark in child[1]));

/** Words that nothing parts any more are one run. */
function joined(children) {
  const made = [];
  for (const child of children) {
    if (typeof child === 'string' && typeof made.at(-1) === 'string') made[made.length - 1] += child;
    else made.push(child);
  }
  return made;
}
