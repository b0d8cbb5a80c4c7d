// The graph as data: its numbers, forward and backward. RULES, written in Python, has a function for
// each operation; the graph says which node has which rule and parents, in topological order.

const FINE = 0, UNDEFINED = 1, UNKNOWN = 2; // outside a domain; what depends on such a node

/** Return the graph that Python has sent, in columns. */
function graphOf({ nodes, edges, seed, wrt }) {
  let edge = 0;
  const rows = nodes.parents.map((parents, k) => {
    const first = edge;
    edge += parents.length;
    const locals = edges.local.slice(first, edge).map(Number);
    return { parents, rule: nodes.rule[k], kind: nodes.kind[k], op: nodes.op[k], number: Number(nodes.number[k]), locals };
  });
  return new Graph(rows, Number(seed), wrt);
}

class Graph {
  /** `nodes` are objects {parents, rule, kind, op, number, locals}; the output is the last.
   *
   * With the place of an input as `wrt` it is in forward mode: tangents then stand for gradients.
   */
  constructor(nodes, seed, wrt = -1) {
    this.nodes = nodes;
    this.seed = seed;
    this.wrt = wrt;
    this.output = nodes.length - 1;
    this.first = []; // of each node, the place of its first edge
    let count = 0;
    for (const node of nodes) {
      this.first.push(count);
      count += node.parents.length;
    }
    this.data = Float64Array.from(nodes, (node) => node.number);
    this.locals = Float64Array.from(nodes.flatMap((node) => node.locals));
    this.state = new Uint8Array(nodes.length);
    this.grads = new Float64Array(nodes.length);
    this.contributions = new Float64Array(count);
    this.before = new Float64Array(count); // the sum that a contribution is added to
    this.isTouched = false; // the numbers are those that Python wrote
    this.giveNow();
    this.derive();
  }

  get isForwardMode() {
    return this.wrt >= 0;
  }

  /** Compute the gradients, or in forward mode the tangents. */
  derive() {
    this.isDefined = this.state.every((state) => state === FINE);
    this.grads.fill(0);
    if (this.isForwardMode) this.forwards();
    else this.backward();
  }

  /** Take the numbers of now for those that were given, to which `restore` leads back. */
  giveNow() {
    const { data, locals, state, isTouched } = this;
    this.given = { data: data.slice(), locals: locals.slice(), state: state.slice(), isTouched };
  }

  /** Give leaves other numbers, [[k, number], ...], and compute what depends on them. */
  set(changes) {
    const stale = new Uint8Array(this.nodes.length);
    for (const [k, number] of changes) {
      this.data[k] = number;
      stale[k] = 1;
    }
    for (let k = 0; k < this.nodes.length; k++) {
      if (this.nodes[k].parents.some((parent) => stale[parent])) {
        stale[k] = 1;
        this.compute(k);
      }
    }
    this.isTouched = true;
    this.derive();
  }

  /** Put every number back as it was given. */
  restore() {
    this.data.set(this.given.data);
    this.locals.set(this.given.locals);
    this.state.set(this.given.state);
    this.isTouched = this.given.isTouched;
    this.derive();
  }

  compute(k) {
    const { parents, rule } = this.nodes[k], operands = parents.map((parent) => this.data[parent]);
    const known = parents.every((parent) => this.state[parent] === FINE);
    const defined = rule >= 0 && (RULES[rule].holds?.(...operands) ?? true);
    this.state[k] = !known ? UNKNOWN : defined ? FINE : UNDEFINED;
    if (this.state[k] === UNDEFINED || rule < 0) {
      this.data[k] = NaN;
      this.locals.fill(NaN, this.first[k], this.first[k] + parents.length);
      return;
    }
    this.data[k] = this.state[k] === FINE ? RULES[rule].value(...operands) : NaN;
    this.locals.set(RULES[rule].locals(this.data[k], ...operands), this.first[k]);
  }

  /** Do the chain rule: each node, from the last, hands upstream × local to each parent. */
  backward() {
    this.grads[this.output] = this.seed;
    for (let k = this.output; k >= 0; k--) {
      const { parents } = this.nodes[k];
      for (let position = 0; position < parents.length; position++) {
        const edge = this.first[k] + position, parent = parents[position];
        this.contributions[edge] = this.grads[k] * this.locals[edge];
        this.before[edge] = this.grads[parent];
        this.grads[parent] += this.contributions[edge];
      }
    }
  }

  /** Do the chain rule forwards: each node gets tangent × local from each parent that moves. */
  forwards() {
    this.moves = new Uint8Array(this.nodes.length);
    this.grads[this.wrt] = this.seed;
    this.moves[this.wrt] = 1;
    this.nodes.forEach(({ parents }, k) => {
      if (k === this.wrt) return;
      parents.forEach((parent, position) => {
        if (!this.moves[parent]) return;
        const edge = this.first[k] + position;
        this.contributions[edge] = this.grads[parent] * this.locals[edge];
        this.before[edge] = this.grads[k];
        this.grads[k] += this.contributions[edge];
        this.moves[k] = 1;
      });
    });
  }

  /** Return Δoutput/h for a leaf nudged by h; the graph stays as it is. */
  nudged(leaf, h) {
    const { data, locals, state, isTouched } = this;
    [this.data, this.locals, this.state] = [data.slice(), locals.slice(), state.slice()];
    this.set([[leaf, data[leaf] + h]]);
    const slope = this.state[this.output] === FINE ? (this.data[this.output] - data[this.output]) / h : NaN;
    Object.assign(this, { data, locals, state, isTouched });
    this.derive();
    return slope;
  }
}
