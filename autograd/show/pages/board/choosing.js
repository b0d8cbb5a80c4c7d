// Which boxes are open: what the reader has opened or closed stays so from line to line; the rest is
// the finest cut that fits.

const FEW_LEAVES = 4; // that may hang on a closed fold one by one
const MOST_BOXES = 40; // that are drawn one by one; so many names of the user's are not folded away
const LEAST_FOLDED = 2; // a cut that does not fit has at most one box in so many, or is not worth it
const SMALL = 20; // boxes of a graph that is rather not folded than folded for nothing

class Choices {
  constructor() {
    this.isOpen = new Map(); // of the key of a fold, what the reader chose
    this.row = null;
  }

  /** Remember what the reader has changed from one cut to another of the same graph. */
  learn(before, after, keys) {
    for (const [j, key] of keys.entries()) {
      if (before.open.has(j) !== after.open.has(j)) this.isOpen.set(key, after.open.has(j));
    }
    if (before.row !== after.row) this.row = after.row;
  }

  applied(cut, keys) {
    const open = new Set([...keys.keys()].filter((j) => this.isOpen.get(keys[j]) ?? cut.open.has(j)));
    return new Cut(cut.folds, open, this.row ?? cut.row);
  }
}

/** Return the finest cut that `fits`, as autograd/show/folding/cut.py has it. */
function finestCut(folds, tree, fits) {
  const count = (cut) => cut.boxes().boxes.length;
  const canBe = (cut) => count(cut) <= MOST_BOXES && fits(cut);
  const everything = new Cut(folds, new Set(folds.folds.keys()), -1);
  if (canBe(everything)) return everything;
  let cut = showingNames(new Cut(folds), tree.hides, count);
  if (!folds.folds.length) return cut;
  if (!canBe(cut)) {
    const isWorthIt = count(cut) * LEAST_FOLDED <= count(everything);
    return count(everything) <= SMALL && !isWorthIt ? everything : cut;
  }
  const tried = new Set();
  for (let batches = toOpen(cut, tree, tried); batches.length; batches = toOpen(cut, tree, tried)) {
    for (const batch of batches) {
      for (const j of batch) tried.add(j);
      const opened = new Cut(folds, [...cut.open, ...batch], cut.row);
      if (canBe(opened)) cut = opened;
    }
  }
  return cut;
}

/** Return a cut in which folds that hide names of the user's are open, as far as there is room. */
function showingNames(cut, hides, count) {
  const hiding = closedIn(cut).filter((j) => hides[j] && !cut.folds.folds[j].chooses);
  if (!hiding.length) return cut;
  const opened = new Cut(cut.folds, [...cut.open, ...hiding], cut.row);
  return count(opened) <= MOST_BOXES ? showingNames(opened, hides, count) : cut;
}

/** Return the closed folds not tried yet, those to be opened together, modules first. */
function toOpen(cut, { depth, together }, tried) {
  const batches = new Map(), { folds } = cut.folds, usersClosed = usedByClosedFolds(cut);
  for (const j of closedIn(cut)) {
    if (folds[j].chooses || tried.has(j) || (usersClosed.has(j) && folds[j].inside.length > FEW_LEAVES)) continue;
    batches.set(together[j], [...(batches.get(together[j]) ?? []), j]);
  }
  const first = (batch) => depth[batch[0]] ?? Infinity;
  const size = (batch) => batch.reduce((sum, j) => sum + folds[j].inside.length, 0);
  return [...batches.values()].sort((a, b) => (first(a) === first(b) ? size(a) - size(b) : first(a) - first(b)));
}

/** Return the folds of leaves that a closed fold uses. */
function usedByClosedFolds(cut) {
  const { boxes, boxOf } = cut.boxes(), { nodes } = cut.folds;
  const closed = boxes.filter((box) => box.fold !== undefined);
  const used = new Set(closed.flatMap((box) => box.nodes.flatMap((k) => nodes[k].parents.map((parent) => boxes[boxOf[parent]]))));
  const isOfLeaves = (box) => box.fold !== undefined && !box.nodes.some((k) => nodes[k].parents.length);
  return new Set([...used].filter(isOfLeaves).map((box) => box.fold));
}

function closedIn(cut) {
  return cut.boxes().boxes.filter((box) => box.fold !== undefined && !box.rest).map((box) => box.fold);
}
