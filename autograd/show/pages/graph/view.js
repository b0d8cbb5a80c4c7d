// The view: the graph at a cut, laid out, drawn, and changed in place. The lesson, the board and
// others mark boxes and edges, and are told of clicks.

const MOVING = 350; // milliseconds that boxes take to their new places
const LEAST_FIT = 1, GREATEST = 2; // pixels a point; the text has 14 points
const MOST_TRIED = 80; // boxes that are laid out again to say less, where all do not fit
const STRENGTHS = [0.01, 0.1, 0.5]; // of the largest gradient in view
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class View {
  /** `frame` is the element to draw in; `words` has data, grad, and so on; `write` writes a number. */
  constructor(frame, graph, folds, cut, { words, labelOf, write, textOf, widths, mayBeCompact = false, isCompact = false, direction = "LR", locals = "auto" }) {
    Object.assign(this, { frame, words, labelOf, write, textOf, mayBeCompact, isCompact, asked: direction, locals });
    this.widthOf = (title) => widthOf(title, widths);
    this.layout = null; // a function from DOT to SVG, once Graphviz is there
    this.onclick = () => {};
    this.onchange = () => {};
    this.isOpened = () => false; // which open folds get a frame
    this.onclose = () => {};
    this.zoom = null; // pixels a point; null to fit
    this.use(graph, folds, cut);
    this.look();
    this.take(this.svg);
  }

  /** Take another graph to be drawn next. */
  use(graph, folds, cut) {
    Object.assign(this, { graph, folds, cut });
    this.parentOf = graph.nodes.flatMap((node) => node.parents); // of each edge
    this.childOf = graph.nodes.flatMap((node, k) => node.parents.map(() => k));
    this.uses = new Uint32Array(graph.nodes.length); // how many edges lead away from each node
    for (const parent of this.parentOf) this.uses[parent]++;
  }

  get svg() {
    return this.frame.querySelector("svg");
  }

  get direction() {
    const isUpright = innerWidth < innerHeight && innerWidth < 700;
    return this.asked === "LR" && isUpright ? "TB" : this.asked;
  }

  // -- what is drawn -------------------------------------------------------------------------------

  /** Find the boxes and edges of the cut. */
  look() {
    const { boxes, boxOf } = this.cut.boxes();
    Object.assign(this, { boxes, boxOf, edges: edgesBetween(this.graph, boxes, boxOf) });
    this.edgeOf = new Map(this.edges.flatMap((edge) => edge.edges.map((k) => [k, edge])));
    this.isUsedOutside = new Set([...this.edgeOf.keys()].map((k) => this.parentOf[k]));
  }

  /** Take a drawing into use: find its boxes, edges and the places of numbers in them. */
  take(svg) {
    const { boxes } = this;
    this.elements = new Map([...svg.querySelectorAll("g.node, g.edge")].map((group) => [group.id, group]));
    this.letters = new Map(); // of the longest number that each box was laid out for
    for (const box of boxes) {
      const group = this.elements.get(box.id);
      this.letters.set(box.id, longestIn(group?.querySelectorAll("text.number, text.gradient") ?? []));
      group?.classList.toggle("stack", box.count > 1);
      if (group) makeOperable(group, (event) => this.onclick({ box, event })); // called by the texts in it
    }
    for (const edge of this.edges) {
      const group = this.elements.get(edge.id);
      if (!group) continue;
      makeOperable(group, () => this.onclick({ edge }));
      group.setAttribute("aria-label", this.describeEdge(edge));
      group.classList.toggle("cut", this.isCut(edge));
      const line = group.querySelector("path"), wide = line.cloneNode();
      wide.setAttribute("class", "hit"); // a thin line is hard to click
      line.after(wide);
    }
    drawFrames(this, (j) => this.isOpened(j), (j) => this.onclose(j));
    this.reach(this.elements.get(boxes[0]?.id)); // Tab leads here, arrows on from here
    this.scale();
    this.onchange();
  }

  /** Return the nodes of a box that something outside of it is made of, or outputs of the graph. */
  outputsOf(box) {
    box.outputs ??= box.nodes.filter((k) => !this.uses[k] || this.isUsedOutside.has(k));
    return box.outputs;
  }

  /** Return in four degrees how large the gradient of each edge's source is; 0 for none. */
  strengths() {
    const sizes = this.boxes.map((box) => Math.hypot(...this.outputsOf(box).map((k) => this.graph.grads[k])));
    const largest = Math.max(...sizes.filter(Number.isFinite), 0);
    const degree = (size) => (size ? 1 + STRENGTHS.filter((share) => !(size <= share * largest)).length : 0);
    return new Map(this.edges.map((edge) => [edge, degree(sizes[edge.source])]));
  }

  /** Let Tab lead to this element, and to no other of the graph. */
  reach(element) {
    this.svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    element?.setAttribute("tabindex", "0");
  }

  describe(box) {
    if (box.fold === undefined) return this.textOf(box.node).title;
    const fold = this.folds.folds[box.fold];
    return `${this.titleOf(box)}${fold.says ? `: ${fold.says}` : ""}`;
  }

  /** Return the nodes a contribution along an edge comes from, and goes to: in forward mode the child. */
  giverOf(edge) {
    return (this.graph.isForwardMode ? this.parentOf : this.childOf)[edge];
  }

  receiverOf(edge) {
    return (this.graph.isForwardMode ? this.childOf : this.parentOf)[edge];
  }

  /** Tell whether no gradient flows through an edge, because what it leads to is detached. */
  isCut(edge) {
    return !edge.isBundle && this.graph.nodes[this.childOf[edge.edges[0]]].op === "detach";
  }

  describeEdge(edge) {
    const count = edge.isBundle && edge.edges.length > 1 ? ` ×${edge.edges.length}` : "";
    return `${this.describe(this.boxes[edge.source])} → ${this.describe(this.boxes[edge.target])}${count}`;
  }

  titleOf(box) {
    const fold = this.folds.folds[box.fold];
    if (box.rest) return this.words.others.replace("{count}", box.count).replace("{name}", fold.name);
    return fold.title;
  }

  // -- opening and closing -------------------------------------------------------------------------

  /** Show another cut in place; boxes that are in both move over, others come from `origin`. */
  show(cut, origin = null) {
    if (!this.layout) return false;
    const places = this.places(), from = origin && places.get(origin);
    this.cut = cut;
    this.draw();
    this.animate(places, from);
    if (!origin) return true;
    const [first] = this.newcomers(places);
    this.reach(this.elements.get(first) ?? this.elements.get(this.boxes[0].id));
    this.reveal([first]);
    return true;
  }

  draw() {
    const svg = this.laidOut();
    this.svg.replaceWith(svg);
    this.take(svg);
  }

  /** Return the picture of the cut, which is not shown yet; where it does not fit, closed boxes say less. */
  laidOut() {
    this.look();
    const full = this.laidOutAs(false);
    if (!this.mayBeCompact || this.boxes.length > MOST_TRIED || this.hasRoomFor(full)) return full;
    const compact = this.laidOutAs(true), isFolded = this.boxes.some((box) => box.fold !== undefined);
    this.isCompact = isFolded || this.hasRoomFor(compact);
    return this.isCompact ? compact : full;
  }

  hasRoomFor(svg) {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    return width * LEAST_FIT <= this.frame.clientWidth - 4 && height * LEAST_FIT <= this.frame.clientHeight - 4;
  }

  laidOutAs(isCompact) {
    this.isCompact = isCompact;
    const { boxes, edges } = this;
    const isSmall = this.locals === "auto" ? boxes.length <= 30 : this.locals;
    const drawn = boxes.map((box) => this.drawnBox(box));
    const labelled = edges.map((edge) => ({ ...edge, label: this.edgeLabel(edge, isSmall), isCut: this.isCut(edge) }));
    const [all, short] = shortened(drawn, labelled);
    const svg = finished(this.layout(writeDot(all, short, this.direction, this.isCompact)), all);
    svg.setAttribute("class", "graph");
    return svg;
  }

  drawnBox(box) {
    if (box.fold !== undefined) {
      const fold = this.folds.folds[box.fold];
      if (box.nodes.every((k) => this.graph.nodes[k].kind === "constant")) {
        return { id: box.id, kind: "constant", lines: [this.titleOf(box)], classes: [], width: 0.1, nameWidth: this.widthOf(fold.title) };
      }
      const numbers = [this.words.data, this.words.grad].map((what) => this.measure(box, what, this.longest(box)));
      const lines = [this.titleOf(box), ...(fold.says ? [fold.says] : []), ...numbers], width = this.widthOf(lines[0]);
      const classes = ["title", ...(fold.says ? ["says"] : []), "number", "gradient"];
      return { id: box.id, kind: box.count > 1 ? "folded stack" : "folded", lines, classes, width, nameWidth: width };
    }
    const { title, name, kind } = this.textOf(box.node);
    if (kind === "constant") return { id: box.id, kind, lines: [title], classes: [], width: 0.1, nameWidth: this.widthOf(title) };
    const [data, grad] = this.widest(box.node);
    const lines = [title, `${this.words.data} ${data}`, `${this.words.grad} ${grad}`].filter(Boolean);
    return { id: box.id, kind, lines, classes: ["title", "number", "gradient"], width: this.widthOf(title), name, nameWidth: this.widthOf(name || title) };
  }

  /** Return what a closed box says of its outputs: the number of the only one, or their norm. */
  measure(box, what, text) {
    if (this.outputsOf(box).length === 1) return `${what} ${text}`;
    return this.words.norm.replace("{what}", what).replace("{norm}", text);
  }

  /** Return a number as long as those that a closed box may have to hold. */
  longest(box) {
    const outputs = this.outputsOf(box);
    if (!this.isCompact || outputs[0] === this.graph.output) return "−0.0000";
    const size = (numbers) => (outputs.length === 1 ? numbers[0] : Math.hypot(...numbers));
    const texts = [this.graph.data, this.graph.grads].map((all) => {
      const number = size(outputs.map((k) => all[k]));
      return this.write(number, fewDigits(number)).replace("≈", "");
    });
    return ["0.00", ...texts].reduce((a, b) => (b.length > a.length ? b : a));
  }

  /** Return numbers as long as those that a box may have to hold. */
  widest(k) {
    const longest = (text) => (text.length < 7 ? "−0.0000" : text);
    return [longest(this.write(this.graph.data[k])), longest(this.write(this.graph.grads[k]))];
  }

  /** Tell whether a number of a node is, or will be after the last step, longer than its box. */
  isTooNarrow(box, digits) {
    const room = this.letters.get(box.id), { data, grads } = this.graph;
    const isLonger = (what, number) => {
      const left = room - what.length; // with the space between: one letter more goes into the margins
      return mostLetters(number, digits) > left && this.write(number).length > left; // writing takes time
    };
    return room > 0 && (isLonger(this.words.data, data[box.node]) || isLonger(this.words.grad, grads[box.node]));
  }

  edgeLabel(edge, isSmall) {
    if (edge.isBundle && this.isCompact) return "";
    if (edge.isBundle) return edge.edges.length > 1 ? `×${edge.edges.length}` : "";
    return isSmall ? this.labelOf(edge.edges[0]) : "";
  }

  // -- moving --------------------------------------------------------------------------------------

  places() {
    const corner = this.svg.getBoundingClientRect();
    return new Map([...this.elements].filter(([, group]) => group.isConnected).map(([id, group]) => {
      const { x, y, width, height } = group.getBoundingClientRect();
      return [id, { x: x + width / 2 - corner.x, y: y + height / 2 - corner.y }];
    }));
  }

  newcomers(places) {
    return this.boxes.filter((box) => !places.has(box.id)).map((box) => box.id);
  }

  animate(before, from) {
    if (calm.matches) return;
    const after = this.places(), factor = this.factor;
    const options = { duration: MOVING, easing: "ease-in-out" };
    for (const [id, place] of after) {
      const group = this.elements.get(id), old = before.get(id) ?? from;
      if (group.matches(".edge, .frame")) {
        group.animate([{ opacity: 0 }, { opacity: 0, offset: 0.6 }, { opacity: 1 }], options);
      } else if (old) {
        const move = `translate(${(old.x - place.x) / factor}px, ${(old.y - place.y) / factor}px)`;
        const isNew = !before.has(id);
        group.animate([{ transform: move, opacity: isNew ? 0 : 1 }, { transform: "none", opacity: 1 }], options);
      }
    }
  }

  /** Return the box, or name of a frame, nearest to another in the direction of an arrow key. */
  nearest(here, key) {
    const middle = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    };
    const [x, y] = middle(here);
    const [ax, ay] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    let best = null, least = Infinity;
    for (const { id } of [...this.boxes, ...this.frames]) {
      const element = this.elements.get(id);
      if (!element || element === here) continue;
      const [u, v] = middle(element), along = (u - x) * ax + (v - y) * ay;
      const distance = along + 3 * (Math.abs((u - x) * ay) + Math.abs((v - y) * ax));
      if (along > 1 && distance < least) [best, least] = [element, distance];
    }
    return best;
  }

  /** Tell whether there is room for a panel so many pixels wide beside the drawing. */
  leavesRoomFor(pixels) {
    return this.frame.clientWidth - this.svg.getBoundingClientRect().width > pixels;
  }

  /** Make the drawing as large as fits; where that is too small to read, it is scrolled. */
  scale() {
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    const fit = Math.min((this.frame.clientWidth - 4) / width, (this.frame.clientHeight - 4) / height);
    this.factor = this.zoom ?? Math.max(LEAST_FIT, Math.min(GREATEST, fit));
    this.svg.setAttribute("width", width * this.factor);
    this.svg.setAttribute("height", height * this.factor);
  }

  /** Scroll so that boxes can be seen: what is said of one or else the first, and what there is room for near it. */
  reveal(ids) {
    const around = this.frame.getBoundingClientRect();
    const elements = [this.svg.querySelector(".callout"), ...ids.map((id) => this.elements.get(id))];
    const [first, ...others] = elements.filter(Boolean).map((element) => element.getBoundingClientRect());
    if (!first) return;
    const distance = (r) => Math.hypot(r.left - first.left, r.top - first.top);
    const extent = (all, low, high) => Math.max(...all.map((r) => r[high])) - Math.min(...all.map((r) => r[low]));
    const haveRoom = (all) => extent(all, "left", "right") <= around.width && extent(all, "top", "bottom") <= around.height;
    const rectangles = [first];
    for (const other of others.sort((a, b) => distance(a) - distance(b))) {
      if (haveRoom([...rectangles, other])) rectangles.push(other);
    }
    const offset = (low, high, least, most) => (least < low || most > high ? (least + most - low - high) / 2 : 0);
    const left = offset(around.left, around.right, Math.min(...rectangles.map((r) => r.left)), Math.max(...rectangles.map((r) => r.right)));
    const top = offset(around.top, around.bottom, Math.min(...rectangles.map((r) => r.top)), Math.max(...rectangles.map((r) => r.bottom)));
    if (left || top) this.frame.scrollBy({ left, top, behavior: calm.matches ? "auto" : "smooth" });
  }
}

/** Let an element be clicked, reached by the arrow keys, and read by a screen reader. */
function makeOperable(element, act) {
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "-1");
  element.addEventListener("click", act);
  element.act = act;
}

/** Return how many letters a number has at most: ≈ or .0, and an exponent of two digits, come to it. */
function mostLetters(number, digits) {
  if (Number.isInteger(number)) return `${number}`.length + 2; // written in full
  const size = Math.abs(number), isPlain = size >= 1e-4 && size < 10 ** digits;
  const text = isPlain ? `${Number(number.toPrecision(digits))}` : number.toExponential(digits - 1);
  return text.length + (text.includes(".") ? 1 : 2) + (isPlain ? 0 : 1);
}

/** Return how many letters the longest of some texts has. */
const longestIn = (texts) => Math.max(0, ...[...texts].map((text) => text.textContent.length));

/** Return the least width in inches of a box with a bold title; `widths` are those of letters in ems. */
function widthOf(title, widths) {
  const ems = (line) => [...line].reduce((sum, letter) => sum + (widths[letter] ?? widths[""]), 0);
  return Math.max(0.75, ...title.split("\n").map((line) => (ems(line) * 14 + 12) / 72)).toFixed(2);
}
