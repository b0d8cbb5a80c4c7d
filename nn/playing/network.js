// The network: a box for each unit, with what it is over the whole plane; a line for each weight, as
// wide as it is large, with dashes where it is negative.

const SVG = "http://www.w3.org/2000/svg";
const LARGEST_BOX = 96, WIDEST = 6, MOST_LINES = 3000;
const LABEL_SPACE = 24; // pixels above the boxes, for the names of layers

class Network {
  /** ``edit(place, number)`` is called when somebody changes a weight. */
  constructor(edit) {
    this.edit = edit;
    this.svg = byId("units");
    this.focused = 0;
    this.shownUnit = this.pinned = this.listed = null;
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.svg.addEventListener("click", (event) => this.onClick(event));
    byId("unpin").addEventListener("click", () => this.unpin());
    byId("inside").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.unpin();
    });
  }

  /** Draw the boxes and lines of a model. */
  build(model) {
    this.model = model;
    this.layers = [];
    model.units.forEach((unit, k) => {
      this.layers[unit.layer] ??= [];
      this.layers[unit.layer].push(k);
    });
    this.focused = 0;
    this.unpin();
    this.listWeights(null);
    this.place();
  }

  /** Put all where there is room for it; call it again when the room changes. */
  place() {
    const { clientWidth: width, clientHeight: height } = byId("network");
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const most = Math.max(...this.layers.map((layer) => layer.length));
    const tall = (height - LABEL_SPACE - 8) / most;
    const wide = (width - 24) / this.layers.length;
    const apart = tall > 70 ? LABEL_SPACE : Math.min(8, tall / 5);
    this.box = Math.max(6, Math.min(LARGEST_BOX, tall - apart, wide * 0.55));
    this.at = [];
    this.layers.forEach((layer, column) => {
      const x = 12 + wide * (column + 0.5);
      const step = Math.min(tall, this.box * 1.6);
      layer.forEach((unit, k) => {
        const y = LABEL_SPACE + (height - LABEL_SPACE) / 2 + (k - (layer.length - 1) / 2) * step;
        this.at[unit] = [x, y];
      });
    });
    this.drawLines();
    this.drawBoxes(wide);
  }

  drawLines() {
    this.lines = [];
    this.model.units.forEach((unit, target) => {
      for (const [source, weight] of unit.sources) this.lines.push({ source, target, weight });
    });
    if (this.lines.length > MOST_LINES) this.lines = [];
    const half = this.box / 2;
    for (const line of this.lines) {
      const [x1, y1] = this.at[line.source], [x2, y2] = this.at[line.target];
      Object.assign(line, { x1: x1 + half, y1, x2: x2 - half, y2 });
      line.element = document.createElementNS(SVG, "line");
      for (const end of ["x1", "y1", "x2", "y2"]) line.element.setAttribute(end, line[end]);
      line.element.setAttribute("class", line.weight === null ? "plain" : "weight");
    }
    byId("lines").replaceChildren(...this.lines.map((line) => line.element));
  }

  drawBoxes(wide) {
    const boxes = this.model.units.map((unit, k) => {
      const [x, y] = this.at[k], group = document.createElementNS(SVG, "g");
      const box = document.createElementNS(SVG, "rect");
      const size = { x: x - this.box / 2, y: y - this.box / 2, width: this.box, height: this.box };
      for (const [name, number] of Object.entries(size)) box.setAttribute(name, number);
      group.append(box);
      group.setAttribute("role", "button");
      group.setAttribute("aria-label", this.nameOf(k));
      group.setAttribute("tabindex", k === this.focused ? 0 : -1);
      group.dataset.unit = k;
      group.addEventListener("pointerenter", () => this.look(k));
      group.addEventListener("pointerleave", () => this.look(this.pinned));
      group.addEventListener("focus", () => this.look(k));
      group.addEventListener("blur", () => this.look(this.pinned));
      if (this.isLabelled(k)) group.append(label(unit.name, x, y - this.box / 2 - 5));
      return group;
    });
    byId("boxes").replaceChildren(...boxes, ...this.layerNames(wide));
  }

  /** Tell whether there is room above a box for its name, which only some have. */
  isLabelled(k) {
    const { layer, name } = this.model.units[k];
    const room = this.layers[layer].length < 2 || this.at[this.layers[layer][1]][1] - this.at[this.layers[layer][0]][1] >= this.box + 18;
    return room && (layer === 0 || this.model.units[k].bias === null) && name.length < 15;
  }

  layerNames(wide) {
    return this.layers.flatMap((layer, column) => {
      const [x] = this.at[layer[0]], text = column ? layerName(this.model, column) : words.inputs;
      const isLong = text.length > wide / 8;
      return wide < 62 ? [] : [label(isLong ? text.split(".").at(-1) : text, x, 15)];
    });
  }

  nameOf(k) {
    const { name, layer } = this.model.units[k];
    const outputs = this.model.outputs;
    if (!outputs.includes(k)) return layer === 0 ? filled(words.input_named, { name }) : name;
    const its = classes.length && known.boundary === null ? known.class_names[outputs.indexOf(k)] : "";
    return filled(words.output_named, { name: `${name} ${its}`.trim() });
  }

  // -- what changes while it trains --------------------------------------------------------------

  /** Show the weights, and each unit's own picture. */
  show(weights, maps) {
    this.maps = maps;
    this.weights = weights;
    let most = 1e-9;
    for (const { weight } of this.lines) if (weight !== null) most = Math.max(most, Math.abs(weights[weight]));
    for (const line of this.lines) {
      if (line.weight === null) continue;
      const number = weights[line.weight], width = (0.4 + (WIDEST * Math.abs(number)) / most).toFixed(1);
      const sign = number < 0 ? "weight negative" : "weight";
      if (line.width !== width) line.element.setAttribute("stroke-width", width);
      if (line.sign !== sign) line.element.setAttribute("class", sign);
      Object.assign(line, { width, sign });
    }
    const { context } = opened(byId("maps"));
    maps.forEach((values, k) => {
      const [x, y] = this.at[k];
      drawMap(context, values, x - this.box / 2, y - this.box / 2, this.box, this.box > 30 ? 2 : 4);
    });
    this.showInside();
  }

  // -- one unit, enlarged ------------------------------------------------------------------------

  look(unit) {
    this.shownUnit = unit;
    byId("inside").hidden = unit === null;
    byId("inside").classList.toggle("pinned", unit !== null && unit === this.pinned);
    if (unit === null) return;
    write(byId("unit-name"), this.nameOf(unit));
    const right = this.at[unit][0] > byId("network").clientWidth / 2;
    byId("inside").classList.toggle("left", right);
    this.listWeights(unit === this.pinned ? unit : null);
    this.showInside();
  }

  showInside() {
    if (this.shownUnit === null || !this.maps) return;
    const { context, width, height } = opened(byId("unit-map"));
    drawMap(context, this.maps[this.shownUnit], 0, 0, Math.min(width, height), 1);
    for (const input of byId("unit-weights").querySelectorAll("input")) {
      if (input !== document.activeElement) input.value = Number(this.weights[input.dataset.weight].toPrecision(6));
    }
  }

  /** List the weights of a unit, or of none; those that are listed stay, as one may have the focus. */
  listWeights(unit) {
    if (unit === this.listed) return;
    this.listed = unit;
    const { sources, bias } = unit === null ? { sources: [], bias: null } : this.model.units[unit];
    const entries = sources.filter(([, weight]) => weight !== null).map(([source, weight]) => [this.nameOf(source), weight]);
    if (bias !== null) entries.push([words.bias, bias]);
    byId("unit-weights").replaceChildren(...entries.map(([name, weight]) => {
      const input = made("input", { type: "number", step: "any", "data-weight": weight });
      input.addEventListener("change", () => {
        if (input.value !== "" && Number.isFinite(input.valueAsNumber)) this.edit(weight, input.valueAsNumber);
      });
      return made("label", {}, made("span", { text: name }), input);
    }));
  }

  pin(unit, weight = null) {
    this.pinned = unit;
    this.look(unit);
    const input = byId("unit-weights").querySelector(weight === null ? "input" : `[data-weight="${weight}"]`);
    (input ?? byId("unpin")).focus({ preventScroll: true });
    input?.select();
  }

  unpin() {
    const was = this.pinned;
    this.pinned = null;
    this.look(null);
    if (was !== null && byId("inside").contains(document.activeElement)) this.focus(was);
  }

  // -- keys and clicks ---------------------------------------------------------------------------

  focus(unit) {
    const boxes = byId("boxes").querySelectorAll("[data-unit]");
    boxes[this.focused]?.setAttribute("tabindex", -1);
    this.focused = unit;
    boxes[unit].setAttribute("tabindex", 0);
    boxes[unit].focus();
  }

  onKey(event) {
    const unit = Number(event.target.closest("[data-unit]")?.dataset.unit ?? Number.NaN);
    if (Number.isNaN(unit) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layer } = this.model.units[unit], row = this.layers[layer].indexOf(unit);
    if (event.key === "Enter" || event.key === " ") {
      this.pin(unit);
    } else if (ARROWS[event.key]) {
      const [right, down] = ARROWS[event.key];
      const there = this.layers[layer + right] ?? this.layers[layer];
      const share = right ? Math.floor(((row + 0.5) * there.length) / this.layers[layer].length) : row + down;
      this.focus(there[Math.max(0, Math.min(there.length - 1, share))]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  onClick(event) {
    const unit = event.target.closest("[data-unit]");
    if (unit) {
      this.pin(Number(unit.dataset.unit));
      return;
    }
    const frame = this.svg.getBoundingClientRect();
    const line = this.lineAt(event.clientX - frame.left, event.clientY - frame.top);
    if (line) this.pin(line.target, line.weight);
    else this.unpin();
  }

  /** Return the line of a weight that is nearest to a place, and near. */
  lineAt(x, y) {
    let found = null, least = 8;
    for (const line of this.lines) {
      if (line.weight === null) continue;
      const [dx, dy] = [line.x2 - line.x1, line.y2 - line.y1];
      const along = Math.max(0, Math.min(1, ((x - line.x1) * dx + (y - line.y1) * dy) / (dx * dx + dy * dy)));
      const far = Math.hypot(line.x1 + along * dx - x, line.y1 + along * dy - y);
      if (far < least) [found, least] = [line, far];
    }
    return found;
  }
}

function label(text, x, y) {
  const element = document.createElementNS(SVG, "text");
  element.setAttribute("x", x);
  element.setAttribute("y", y);
  element.textContent = text;
  return element;
}

/** Return what the names of all units of a layer begin with, as layer0 of layer0.neuron3. */
function layerName(model, column) {
  const names = model.units.filter(({ layer }) => layer === column).map(({ name }) => name);
  const starts = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf(".")))));
  const [start] = starts;
  return starts.size === 1 && start ? start : words.features;
}
