// Folding: which boxes of the fold tree are open, and so which boxes and edges there are to draw.
//
// A node is known by its number k ≥ 0, a fold j by -1 - j. A fold that `chooses` lets one of its
// calls be seen, the chosen row, and keeps the others as one closed box.

class Folds {
  /** `tree` has the outermost entries, `top`, and columns of what each fold is. */
  constructor(tree, nodes) {
    this.top = tree.top;
    this.folds = tree.name.map((name, j) => ({
      name, title: tree.title[j], says: tree.says[j], count: tree.count[j],
      chooses: Boolean(tree.chooses[j]), inside: tree.inside[j],
    }));
    this.nodes = nodes;
    this.around = new Map(); // of a node or fold, the fold it is in
    this.folds.forEach((fold, j) => {
      for (const entry of fold.inside) this.around.set(entry, j);
    });
    this.members = this.folds.map(() => null);
  }

  /** Return the nodes in a fold, or the node itself. */
  nodesIn(entry) {
    if (entry >= 0) return [entry];
    const j = -1 - entry;
    this.members[j] ??= this.folds[j].inside.flatMap((inner) => this.nodesIn(inner)).sort((a, b) => a - b);
    return this.members[j];
  }

  /** Return the folds around a node, the outermost first. */
  lineage(k) {
    const found = [];
    for (let j = this.around.get(k); j !== undefined; j = this.around.get(-1 - j)) found.unshift(j);
    return found;
  }
}

class Cut {
  /** `open` has the folds that are open; `row` which call those that choose show, -1 for all. */
  constructor(folds, open = new Set(), row = 0) {
    this.folds = folds;
    this.open = new Set(open);
    this.row = row;
  }

  /** Return a cut in which a fold is open, and of one that chooses the row; or closed. */
  toggled(j) {
    const cut = new Cut(this.folds, this.open, Math.max(0, this.row)), fold = this.folds.folds[j];
    if (cut.open.delete(j)) {
      if (fold.chooses) for (const entry of fold.inside) cut.open.delete(-1 - entry); // opened with it
      return cut;
    }
    cut.open.add(j);
    return fold.chooses ? cut.choosing(cut.row) : cut;
  }

  /** Return the cut in which those that choose show another row, opened. */
  choosing(row) {
    const cut = new Cut(this.folds, this.open, row);
    for (const j of this.choices()) {
      const chosen = this.folds.folds[j].inside[cut.chosen(this.folds.folds[j])];
      if (chosen < 0) cut.open.add(-1 - chosen);
    }
    return cut;
  }

  /** Return the open folds that choose a row. */
  choices() {
    return [...this.open].filter((j) => this.folds.folds[j].chooses && this.folds.folds[j].inside.length > 2);
  }

  chosen(fold) {
    return Math.min(this.row, fold.inside.length - 1);
  }

  /** Return the boxes, {id, node} or {id, fold, nodes, count, rest}, and of each node its box. */
  boxes() {
    const boxes = [], boxOf = new Int32Array(this.folds.nodes.length).fill(-1);
    const add = (box) => {
      for (const k of box.nodes) boxOf[k] = boxes.length;
      boxes.push(box);
    };
    const walk = (entries) => {
      for (const entry of entries) {
        if (entry >= 0) {
          add({ id: `v${entry}`, node: entry, nodes: [entry] });
          continue;
        }
        const j = -1 - entry, fold = this.folds.folds[j], nodes = this.folds.nodesIn(entry);
        if (!this.open.has(j)) {
          add({ id: `f${j}`, fold: j, nodes, count: fold.count, rest: false });
        } else if (fold.chooses && this.row >= 0 && fold.inside.length > 2) {
          const chosen = fold.inside[this.chosen(fold)], seen = new Set(this.folds.nodesIn(chosen));
          walk([chosen]);
          const others = nodes.filter((k) => !seen.has(k));
          add({ id: `r${j}`, fold: j, nodes: others, count: fold.inside.length - 1, rest: true });
        } else {
          walk(fold.inside);
        }
      }
    };
    walk(this.folds.top);
    return { boxes, boxOf };
  }
}

/** Return the edges between different boxes: {id, source, target, edges}, several as one bundle. */
function edgesBetween(graph, boxes, boxOf) {
  const found = new Map();
  graph.nodes.forEach((node, k) => {
    node.parents.forEach((parent, position) => {
      const source = boxOf[parent], target = boxOf[k], edge = graph.first[k] + position;
      if (source === target) return;
      const isBundle = boxes[source].fold !== undefined || boxes[target].fold !== undefined;
      const id = isBundle ? `${boxes[source].id}-${boxes[target].id}` : `e${edge}`;
      if (!found.has(id)) found.set(id, { id, source, target, edges: [], isBundle });
      found.get(id).edges.push(edge);
    });
  });
  return [...found.values()];
}
