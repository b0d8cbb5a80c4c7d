// The graph as Python sends it after every line, {nodes, tree} in columns: texts, and no rules.

/** What a view draws of it: nothing is computed here. */
class SentGraph {
  constructor({ nodes, tree }) {
    this.texts = nodes;
    this.keysOfFolds = tree.key;
    this.nodes = nodes.parents.map((parents, k) => ({ parents, kind: nodes.kind[k] }));
    this.stale = new Set(nodes.stale);
    this.data = nodes.number.map(numberOf);
    this.sizes = nodes.gradient.map(numberOf);
    const tells = (k) => !this.stale.has(k) && nodes.kind[k] !== "constant";
    this.grads = this.sizes.map((size, k) => (tells(k) && size) || 0); // for the widths of edges
    this.first = [];
    let count = 0;
    for (const { parents } of this.nodes) {
      this.first.push(count);
      count += parents.length;
    }
    this.folds = new Folds(tree, this.nodes);
  }

  /** Return what is the same of a box in every graph that has it, given the id it has in this one. */
  keyOf(id) {
    const kind = id[0], number = Number(id.slice(1));
    const keys = kind === "v" ? this.texts.key : this.keysOfFolds;
    return keys[number] === undefined ? id : `${kind} ${keys[number]}`;
  }

  /** Return the ids of boxes by their keys. */
  get ids() {
    const ids = [...this.texts.key.keys()].map((k) => `v${k}`);
    for (const j of this.keysOfFolds.keys()) ids.push(`f${j}`, `r${j}`);
    return new Map(ids.map((id) => [this.keyOf(id), id]));
  }
}

/** Return a number that JSON may have as text; null stays null. */
function numberOf(sent) {
  return sent === null ? null : Number(sent);
}

/** Return the nodes that those with some keys are made of, with them, in order. */
function nodesBelow({ nodes }, keys) {
  const found = new Set(), waiting = nodes.key.flatMap((key, k) => (keys.includes(key) ? [k] : []));
  while (waiting.length) {
    const k = waiting.pop();
    if (found.has(k)) continue;
    found.add(k);
    waiting.push(...nodes.parents[k]);
  }
  return [...found].sort((a, b) => a - b);
}

/** Return what was sent without any but some nodes, and without the folds that are empty then. */
function partOf({ nodes, tree }, kept) {
  const place = new Map(kept.map((k, at) => [k, at]));
  const columns = Object.fromEntries(Object.entries(nodes).map(([name, column]) => [name, kept.map((k) => column[k])]));
  columns.parents = columns.parents.map((parents) => parents.map((parent) => place.get(parent)));
  columns.stale = nodes.stale.flatMap((k) => (place.has(k) ? [place.get(k)] : []));
  const inside = tree.inside.map(() => []), count = [...tree.count];
  const walk = (entries) => entries.flatMap((entry) => {
    if (entry >= 0) return place.has(entry) ? [place.get(entry)] : [];
    const j = -1 - entry;
    inside[j] = walk(tree.inside[j]);
    if (tree.count[j] > 1) count[j] = callsLeft(inside[j], tree.chooses[j], count);
    return inside[j].length > 1 ? [entry] : inside[j];
  });
  return { nodes: columns, tree: { ...tree, top: walk(tree.top), inside, count } };
}

/** Return how many of the calls that lie on one another are left: those of the deepest stack inside. */
function callsLeft(inside, chooses, count) {
  if (chooses) return inside.length;
  return Math.max(1, ...inside.map((entry) => (entry < 0 ? count[-1 - entry] : 1)));
}
