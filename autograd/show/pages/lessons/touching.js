// Touching: a leaf gets another number by typing, dragging or arrow keys, and everything follows.

const NUDGES = [1, 0.1, 0.01, 0.001, 0.0001];
const PIXELS_A_STEP = 4;

class Touching {
  /** `changed` is called after each change; `telling` writes numbers. */
  constructor(graph, { telling, changed }) {
    Object.assign(this, { graph, telling, changed });
    this.past = []; // [leaf, number it had], to be undone
    this.leaf = null;
    this.panel = byId("touching");
    byId("touching-close").addEventListener("click", () => this.close());
    byId("touching-number").addEventListener("input", () => this.type());
    byId("touching-number").addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  canTouch(k) {
    return this.graph.nodes[k].kind === "leaf";
  }

  /** Give a leaf a number; what is typed in one go is one change to undo. */
  set(leaf, number, goesOn = false) {
    if (!Number.isFinite(number)) return;
    if (!goesOn || this.past.at(-1)?.[0] !== leaf) this.past.push([leaf, this.graph.data[leaf]]);
    this.graph.set([[leaf, number]]);
    this.refresh();
    this.changed();
  }

  undo() {
    const last = this.past.pop();
    if (!last) return;
    this.graph.set([last]);
    if (!this.past.length) this.graph.restore();
    this.refresh();
    this.changed();
  }

  restore() {
    this.past = [];
    this.graph.restore();
    this.refresh();
    this.changed();
  }

  /** Return the leaves that have other numbers now, as [k, number]. */
  changes() {
    const { data, given, nodes } = this.graph;
    return nodes.flatMap((node, k) => (node.kind === "leaf" && data[k] !== given.data[k] ? [[k, data[k]]] : []));
  }

  // -- the panel beside a leaf ---------------------------------------------------------------------

  open(leaf, anchor) {
    this.leaf = leaf;
    this.anchor = document.activeElement === anchor ? anchor.id : null; // where a key goes back to
    byId("touching-title").textContent = this.telling.names[leaf];
    byId("touching-number").value = this.plain(leaf);
    this.panel.hidden = false;
    this.refresh(); // before it is measured
    const { left, bottom, top } = anchor.getBoundingClientRect(), { offsetWidth, offsetHeight } = this.panel;
    const below = bottom + 8 + offsetHeight < innerHeight;
    this.panel.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    this.panel.style.top = `${below ? bottom + 8 : Math.max(8, top - offsetHeight - 8)}px`;
    byId("touching-number").focus();
    byId("touching-number").select();
  }

  close() {
    const isOpen = this.leaf !== null;
    this.leaf = null;
    this.panel.hidden = true;
    byId("touching-number").blur(); // at once: keys make steps again
    if (isOpen && this.anchor) document.getElementById(this.anchor)?.focus();
  }

  plain(leaf) {
    return `${Number(this.graph.data[leaf].toPrecision(12))}`;
  }

  type() {
    const text = byId("touching-number").value.trim().replace("−", "-").replace(",", ".");
    const number = text === "" ? NaN : Number(text);
    byId("touching-number").setAttribute("aria-invalid", !Number.isFinite(number));
    this.set(this.leaf, number, true);
  }

  key(event) {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Enter") this.close();
    if (steps) this.nudge(this.leaf, steps * (event.shiftKey ? 1 : 0.1));
    if (steps || event.key === "Escape" || event.key === "Enter") event.preventDefault();
    if (!(event.ctrlKey && event.key === "z")) event.stopPropagation();
  }

  nudge(leaf, by) {
    this.set(leaf, Number((this.graph.data[leaf] + by).toPrecision(12)));
    if (this.leaf === leaf) byId("touching-number").value = this.plain(leaf);
  }

  /** Show Δoutput/h for smaller and smaller h beside the gradient: their limit. */
  refresh() {
    if (this.leaf === null) return;
    const shown = (number) => alone(this.telling.written(number));
    const { isForwardMode, wrt, output, grads } = this.graph, place = isForwardMode ? output : this.leaf;
    const slope = `${this.telling.gradientName(place)} = ${shown(grads[place])}`.replace("= ≈", "≈ ");
    byId("touching-slope").textContent = isForwardMode && this.leaf !== wrt ? "" : slope;
    byId("nudges").tBodies[0].replaceChildren(...NUDGES.map((h) => {
      const row = document.createElement("tr");
      for (const text of [`${h}`, shown(this.graph.nudged(this.leaf, h))]) row.insertCell().textContent = text;
      return row;
    }));
  }

  /** Let the number in a leaf's box be dragged sideways; a click opens the panel instead. */
  makeDraggable(element, leaf) {
    element.addEventListener("pointerdown", (down) => {
      if (down.button) return;
      const start = this.graph.data[leaf], size = Math.max(0.01, 10 ** Math.floor(Math.log10(Math.abs(start) || 1)) / 20);
      let dragged = false;
      const move = (event) => {
        const steps = Math.trunc((event.clientX - down.clientX) / PIXELS_A_STEP);
        if (!steps && !dragged) return;
        const number = Number((start + steps * size).toPrecision(12));
        if (number !== this.graph.data[leaf]) this.set(leaf, number, dragged);
        dragged = true;
      };
      const up = () => {
        removeEventListener("pointermove", move);
        if (dragged) addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", up, { once: true });
      down.preventDefault();
    });
  }
}
