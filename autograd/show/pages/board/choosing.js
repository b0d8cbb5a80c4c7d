// Which boxes are open: what the reader has opened or closed stays so from line to line; the rest is
// the finest cut that fits.

const MOST_BOXES = 40; // that are drawn one by one; so many names of the user's are not folded away

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
function finestCut(folds, { depth, hides }, fits) {
  const count = (cut) => cut.boxes().boxes.length;
  const canBe = (cut) => count(cut) <= MOST_BOXES && fits(cut);
  const everything = new Cut(folds, new Set(folds.folds.keys()), -1);
  if (canBe(everything)) return everything;
  let cut = showingNames(new Cut(folds), hides, count);
  if (!folds.folds.length || !canBe(cut)) return cut;
  const tried = new Set();
  for (let batches = toOpen(cut, depth, tried); batches.length; batches = toOpen(cut, depth, tried)) {
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

/** Return the closed folds not tried yet, those to be opened together, small ones first. */
function toOpen(cut, depth, tried) {
  const batches = new Map(), { folds } = cut.folds;
  for (const j of closedIn(cut)) {
    if (folds[j].chooses || tried.has(j)) continue;
    const key = depth[j] ? `depth ${depth[j]}` : j;
    batches.set(key, [...(batches.get(key) ?? []), j]);
  }
  const size = (batch) => batch.reduce((sum, j) => sum + folds[j].inside.length, 0);
  return [...batches.values()].sort((a, b) => size(a) - size(b));
}

function closedIn(cut) {
  return cut.boxes().boxes.filter((box) => box.fold !== undefined && !box.rest).map((box) => box.fold);
}
