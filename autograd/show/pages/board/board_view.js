// The view of a graph whose texts came from Python; the boxes of one state move to where they are in
// the next.

class BoardView extends View {
  widest(k) {
    return [this.graph.texts.data[k], this.graph.texts.grad[k]];
  }

  /** Return what a closed box says of its outputs: the text of the only one, or their norm. */
  measure(box, what) {
    const { texts, data, sizes } = this.graph, isData = what === this.words.data;
    const outputs = this.outputsOf(box);
    if (outputs.length === 1) return `${what} ${(isData ? texts.data : texts.grad)[outputs[0]]}`;
    const numbers = outputs.map((k) => (isData ? data : sizes)[k]).filter((number) => number !== null);
    const norm = numbers.length ? this.write(Math.hypot(...numbers)) : this.words.no_grad;
    return super.measure(box, what, norm);
  }

  take(svg) {
    super.take(svg);
    for (const box of this.boxes) this.elements.get(box.id)?.setAttribute("aria-label", this.describe(box));
  }

  /** Return a box in words, with its numbers, for those who hear the picture. */
  describe(box) {
    const title = super.describe(box), { nodes } = this.graph;
    if (box.nodes.every((k) => nodes[k].kind === "constant")) return title;
    const [data, grad] = box.fold === undefined
      ? this.widest(box.node).map((text, k) => `${k ? this.words.grad : this.words.data} ${text}`)
      : [this.measure(box, this.words.data), this.measure(box, this.words.grad)];
    return [title, data, grad].filter(Boolean).join(", ");
  }

  /** Draw another graph; if it cannot be laid out, the old one stays and the reason is thrown. */
  become(graph, cut) {
    const before = [this.graph, this.folds, this.cut], places = this.keyed(this.places());
    const { scrollLeft, scrollTop } = this.frame;
    this.use(graph, graph.folds, cut);
    try {
      this.draw();
    } catch (error) {
      this.use(...before);
      this.look();
      throw error;
    }
    Object.assign(this.frame, { scrollLeft, scrollTop });
    this.moveFrom(places);
  }

  keyed(places) {
    return new Map([...places].map(([id, place]) => [this.graph.keyOf(id), place]));
  }

  /** Let what was drawn elsewhere move to its new place; if nothing has moved, nothing flickers. */
  moveFrom(places) {
    const { ids } = this.graph, now = this.keyed(this.places());
    const isThere = ([key, { x, y }]) => Math.hypot(now.get(key)?.x - x, now.get(key)?.y - y) < 1;
    const boxes = [...places].filter(([key]) => ids.has(key));
    if (now.size === places.size && boxes.every(isThere)) return;
    this.animate(new Map(boxes.map(([key, place]) => [ids.get(key), place])), null);
  }

  /** Give a cut's picture as wide and high as it would be with letters of 14 pixels. */
  sizeAt(cut) {
    this.cut = cut;
    const [, , width, height] = this.laidOut().getAttribute("viewBox").split(" ").map(Number);
    return [width * LEAST_FIT, height * LEAST_FIT];
  }
}
