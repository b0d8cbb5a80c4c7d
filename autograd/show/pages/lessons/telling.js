// What the lesson says of a step: the lines of its arithmetic, or what a closed box has done.

class Telling {
  /** `view` is set when there is one: it says what is closed. */
  constructor(data, graph, words) {
    Object.assign(this, { data, graph, words });
    this.names = data.nodes.name;
  }

  written(number, digits = this.data.digits) {
    if (Number.isNaN(number) && !this.graph.isDefined) return { text: this.words.undefined, factor: this.words.undefined, isRounded: false };
    return written(number, Math.min(digits, this.data.digits));
  }

  /** Return a number as shown; the texts of exact ones are Python's, as long as nothing is touched. */
  shown(number, exact) {
    if (!exact || this.graph.isTouched) return this.written(number);
    const [text, rounded] = exact;
    return { text, isRounded: Boolean(rounded), factor: /^[-−]|\//.test(text) ? `(${text})` : text };
  }

  dataOf(k) {
    const exact = this.data.exact.data[k];
    const isConstant = this.graph.nodes[k].kind === "constant";
    return isConstant && exact ? { text: exact[0], isRounded: Boolean(exact[1]), factor: exact[0] } : this.shown(this.graph.data[k], exact);
  }

  gradientOf(k) {
    return this.shown(this.graph.grads[k], this.data.exact.grads[k]);
  }

  /** Return the gradient so far, `sum`, after the contribution along an edge. */
  sumAfter(edge, sum) {
    const { before, contributions } = this.graph;
    const inTurn = before[edge] + contributions[edge] === sum; // closed boxes may hand theirs in another
    return this.shown(sum, inTurn ? this.data.exact.edges[edge]?.[3] : null);
  }

  /** Return the numbers of a step of single nodes, by the names that its sentences use. */
  numbersOf(step) {
    const { graph } = this;
    if (step.kind === "forward") {
      const numbers = { result: this.dataOf(step.node) };
      graph.nodes[step.node].parents.forEach((parent, k) => { numbers[`operand ${k}`] = this.dataOf(parent); });
      return numbers;
    }
    if (step.kind.endsWith("seed")) {
      const seed = this.gradientOf(step.node);
      return { upstream: seed, local: this.written(1), contribution: seed, before: this.written(0), after: seed };
    }
    const { grads, edges } = this.data.exact, exact = [grads[this.view.giverOf(step.edges[0])], ...(edges[step.edges[0]] ?? [])];
    return Object.fromEntries(Object.entries(this.amountsOf(step)).map(([name, number], k) => [name, this.shown(number, exact[k])]));
  }

  /** Return the numbers of a step by the same names, as amounts; the seed has none to ask for. */
  amountsOf({ kind, node, edges }) {
    const { data, grads, locals, contributions, before, nodes } = this.graph;
    if (kind === "forward") {
      const operands = nodes[node].parents.map((parent, k) => [`operand ${k}`, data[parent]]);
      return Object.fromEntries([["result", data[node]], ...operands]);
    }
    const [edge] = edges;
    return {
      upstream: grads[this.view.giverOf(edge)], local: locals[edge], contribution: contributions[edge],
      before: before[edge], after: before[edge] + contributions[edge],
    };
  }

  /** Return a sentence with the names of a step's nodes in its slots. */
  sentence(number, k) {
    const [hasSlots, said] = this.data.sentences[number];
    if (!hasSlots) return said;
    const places = [k, ...this.graph.nodes[k].parents];
    const filledIn = (part) => {
      if (Array.isArray(part)) return part.map(filledIn);
      if (typeof part !== "string") return part;
      return part.replace(/[\u{12000}-\u{12399}\u{1D7CE}-\u{1D7FF}]/gu, (letter) => {
        const code = letter.codePointAt(0), isName = code < 0x1d7ce;
        const place = places[code - (isName ? 0x12000 : 0x1d7ce)];
        return isName ? this.names[place] : this.dataOf(place).text.replace(/^[-−]/, "");
      });
    };
    return filledIn(said);
  }

  saidOf(step) {
    if (step.kind.endsWith("seed")) return this.sentence(this.data.seed_said, step.node);
    const number = step.kind === "forward" ? this.data.nodes.said[step.node] : this.data.edges.said[step.edges[0]];
    return this.sentence(number, step.node);
  }

  /** Return {phase, title, lines, total, more}: the words of a step. */
  tell(step) {
    const phase = this.words[step.kind.replace(" ", "_")];
    if (step.node === undefined) return { phase, ...this.tellFold(step) };
    if (step.edges?.length > 1) return { phase, ...this.tellMany(step) };
    const [title, lines] = this.saidOf(step), numbers = this.numbersOf(step);
    const total = step.edges?.length ? this.total(step, numbers) : "";
    return { phase, title, lines: lines.map((line) => filledLine(line, numbers)), total };
  }

  total({ edges }, { before, after }) {
    const name = this.gradientName(this.view.receiverOf(edges[0]));
    return `${name}: ${alone(before)} → ${alone(after)}`;
  }

  gradientName(k) {
    const name = this.names[k], what = this.graph.isForwardMode ? "tangent" : "grad";
    return /^[^\W\d][\w.]*(\[\d+\])*$/u.test(name) ? `${name}.${what}` : `(${name}).${what}`;
  }

  /** Return the arithmetic of a single contribution in one line. */
  oneLine(edge) {
    const step = { kind: "backward", node: this.view.childOf[edge], edges: [edge] };
    return filled(this.saidOf(step)[2], this.numbersOf(step));
  }

  /** Return what several contributions to one number come to. */
  sumOf(k, edges) {
    const sum = this.written(edges.reduce((total, edge) => total + this.graph.contributions[edge], 0));
    return this.words.sum_of.replace("{name}", this.gradientName(k)).replace("{sum}", alone(sum)).replace("{count}", edges.length);
  }

  // -- closed boxes --------------------------------------------------------------------------------

  tellFold(step) {
    const box = this.view.boxes[step.box], fold = this.view.folds.folds[box.fold];
    const title = `${this.view.titleOf(box)}${fold.says ? `: ${fold.says}` : ""}`;
    const form = formOf(this.graph, box.nodes, step.kind, fold);
    if (step.kind === "forward") {
      const outputs = this.view.outputsOf(box);
      const one = outputs.length === 1 && `${this.words.data} ${alone(this.dataOf(outputs[0]))}`;
      const told = one || this.words.fold_forward.replace("{count}", outputs.length.toLocaleString("en")).replace("{norm}", alone(this.written(norm(outputs, this.graph.data))));
      return { title, lines: form ? [[{ role: "name", text: form }]] : [], total: told, more: [] };
    }
    const lines = form ? [[{ role: "gradient", text: form }]] : this.productOf(step, this.view.outputsOf(box), new Set(box.nodes));
    return { title, ...this.tellContributions(step, lines) };
  }

  tellMany(step) {
    const node = this.names[step.node] || this.words.output;
    const other = this.view.describe(this.view.boxes[step.kind === "tangent" ? step.box : step.to]);
    const title = step.kind === "tangent" ? `${other} → ${node}` : `${node} → ${other}`;
    return { title, ...this.tellContributions(step, this.productOf(step, [step.node], new Set())) };
  }

  /**
   * Return what any box does to gradients, in symbols, shapes and norms: a vector-Jacobian product.
   * Of tangents nothing is said.
   */
  productOf({ edges }, outputs, inside) {
    if (this.graph.isForwardMode) return [];
    const { nodes, grads, contributions } = this.graph, given = new Map();
    for (const edge of edges) {
      const parent = this.view.parentOf[edge], isMade = inside.has(parent) && nodes[parent].parents.length;
      if (!isMade) given.set(parent, (given.get(parent) ?? 0) + contributions[edge]);
    }
    const [n, m] = [given.size, outputs.length].map((count) => count.toLocaleString("en"));
    const size = (numbers) => `‖${alone(this.written(Math.hypot(...numbers)))}‖`;
    const line = (received, between, local, sign, upstream) => [
      { role: "gradient", text: received }, { role: "sign", text: between }, { role: "local", text: local },
      { role: "sign", text: sign }, { role: "gradient", text: upstream },
    ];
    return [
      line("∂L/∂x", " = ", "Jᵀ", " · ", "∂L/∂y"),
      line(n, "", `J: ${m} × ${n}`, "", m),
      line(size(given.values()), "", "", "", size(outputs.map((k) => grads[k]))),
    ];
  }

  /** Tell of many contributions at once: their count, their norm, and the largest, which opens. */
  tellContributions(step, lines) {
    const { contributions } = this.graph;
    const largest = step.edges.reduce((a, b) => (Math.abs(contributions[b]) > Math.abs(contributions[a]) ? b : a));
    const told = this.words.fold_backward.replace("{count}", step.edges.length.toLocaleString("en"))
      .replace("{norm}", alone(this.written(norm(step.edges, contributions))))
      .replace("{largest}", alone(this.written(contributions[largest])));
    return { lines, total: told, more: [this.oneLine(largest)] };
  }
}

function norm(places, numbers) {
  return Math.hypot(...places.map((place) => numbers[place]));
}

const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** Return how a box computes in matrices, if it is a layer or a neuron: sums of products, then one activation. */
function formOf(graph, nodes, kind, { name, says }) {
  if (kind === "tangent") return "";
  const made = nodes.filter((k) => graph.nodes[k].parents.length), inside = new Set(made);
  const ops = new Set(made.map((k) => graph.nodes[k].op));
  const isDeep = made.some((k) => graph.nodes[k].op === "dot" && graph.nodes[k].parents.some((parent) => inside.has(parent)));
  if (isDeep || !ops.delete("dot") || ops.size > 1) return "";
  const [activation] = ops;
  if (!says.endsWith(`, ${activation ?? "linear"}`)) return ""; // sums without weights, as of keys
  if (/\bneuron\d+$/.test(name)) return formOfNeuron(kind, activation);
  const number = name.match(/\blayer(\d+)$/)?.[1]; // other numbers do not count what comes before
  const lowered = (k) => `${k}`.replace(/\d/g, (figure) => LOWERED[figure]);
  const k = number === undefined ? "" : lowered(number);
  const h = number === undefined ? "y" : `h${k}`, x = number > 0 ? `h${lowered(number - 1)}` : "x";
  if (kind === "forward") return activation ? `${h} = ${activation}(W${k}·${x} + b${k})` : `${h} = W${k}·${x} + b${k}`;
  const delta = activation ? `δ${k} = ∂L/∂${h} ⊙ ${activation}′(z${k})` : `δ${k} = ∂L/∂${h}`;
  return `${delta}     ∂L/∂W${k} = δ${k}·${x}ᵀ     ∂L/∂${x} = W${k}ᵀ·δ${k}`;
}

function formOfNeuron(kind, activation) {
  if (kind === "forward") return activation ? `y = ${activation}(w·x + b)` : "y = w·x + b";
  return `δ = ∂L/∂y${activation ? ` · ${activation}′(z)` : ""}     ∂L/∂w = δ·x     ∂L/∂x = δ·w`;
}
