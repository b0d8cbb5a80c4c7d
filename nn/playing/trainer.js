// A training under way, without a page: the same batches, gradients and steps as in Python.

/** Return numbers cut into lists of ``size``; a single one that is left joins the list before it. */
function batchesOf(numbers, size) {
  const cut = [];
  for (let k = 0; k < numbers.length; k += size) cut.push(numbers.slice(k, k + size));
  if (size > 1 && cut.length > 1 && cut.at(-1).length === 1) {
    const [single] = cut.pop();
    cut.at(-1).push(single);
  }
  return cut;
}

/**
 * Return a column of numbers for each place, of the points with these numbers.
 *
 * All numbers that programs take stand in arrays of one kind: another kind, as of whole numbers, would
 * make V8 throw its optimized code away.
 */
function columnsOf(points, numbers, places) {
  const columns = [];
  for (const place of places) { // by map, once it is optimized, the list would be of another kind
    const column = new Float64Array(numbers.length);
    for (let k = 0; k < numbers.length; k++) column[k] = points[numbers[k]][place];
    columns.push(column);
  }
  return columns;
}

const MOST_NOTED = 300;

/** The losses of all steps in at most ``most`` numbers: when they are too many, two become one. */
class Curve {
  constructor(most = 2 * MOST_NOTED) {
    this.most = most;
    this.clear();
  }

  clear() {
    this.values = [];
    this.each = 1; // steps in a value
    this.sum = 0;
    this.count = 0;
  }

  add(value) {
    this.sum += value;
    if (++this.count < this.each) return;
    this.values.push(this.sum / this.each);
    this.sum = this.count = 0;
    if (this.values.length < this.most) return;
    this.values = this.values.flatMap((one, k) => (k % 2 ? [] : [(one + this.values[k + 1]) / 2]));
    this.each *= 2;
  }
}

class Trainer {
  /**
   * ``model`` is what Python tells of it, ``programs`` are its functions; ``data`` has the points
   * and the order of those to train on; ``settings`` are lr, decay, batch and formula.
   */
  constructor(model, programs, data, settings) {
    Object.assign(this, { model, programs, data, settings });
    this.losses = new Curve();
    this.reset();
  }

  /** Go back to the start: its weights, and the order in which the rows come. */
  reset() {
    this.weights = Float64Array.from(this.model.start);
    this.gradient = new Float64Array(this.weights.length);
    this.random = this.data.random.copy();
    this.steps = this.epochs = 0;
    this.loss = null;
    this.trouble = null;
    this.best = this.good = { loss: Infinity, steps: 0, epochs: 0, weights: this.weights };
    this.losses.clear();
    this.heldOut = [];
    this.forget();
    this.restartEpoch();
  }

  /** Begin with an empty memory, as an optimizer that is made anew. */
  forget() {
    this.shared = null;
    this.kept = [];
  }

  /** Take the points as they are now. */
  restartEpoch() {
    this.order = [...this.data.order];
    this.batches = [];
    this.position = 0;
  }

  get isReady() {
    return this.order.length > 0 && !this.trouble;
  }

  get epochDone() {
    return this.position === this.batches.length;
  }

  /** Change a weight; those of steps that one can go back to stay as they were. */
  setWeight(place, number) {
    this.weights = this.weights.slice();
    this.weights[place] = number;
    this.trouble = null;
  }

  /** Take one step; return false, and tell of the trouble, where a number is no longer finite. */
  step() {
    if (!this.isReady) return false;
    if (this.epochDone) {
      this.random.shuffle(this.order);
      this.batches = batchesOf(this.order, this.settings.batch || this.order.length);
      this.position = 0;
    }
    const columns = columnsOf(this.data.points, this.batches[this.position], this.model.inputs.run);
    const { output, gradient } = this.programs.run(this.weights, columns);
    this.loss = output;
    this.gradient = Float64Array.from(gradient);
    if (!Number.isFinite(output) || !gradient.every(Number.isFinite)) return this.stop(gradient, "gradient");
    const { steps, epochs, weights } = this;
    this.good = { loss: output, steps, epochs, weights };
    if (output < this.best.loss) this.best = this.good;
    const moved = this.moved();
    if (!moved.every(Number.isFinite)) return this.stop(moved, "weight");
    this.weights = moved;
    this.losses.add(output);
    this.steps++;
    if (++this.position === this.batches.length) this.epochs++;
    return true;
  }

  /** Return the weights after a step, and remember what the formula of the optimizer does. */
  moved() {
    const { first, later, names, shared, start } = this.settings.formula;
    const n = this.model.n_moved, begins = this.shared === null;
    const settings = [this.settings.lr, this.settings.decay];
    const columns = [this.weights.subarray(0, n), this.gradient.subarray(0, n), ...this.kept];
    const rows = begins ? first(settings, columns) : later([...settings, ...this.shared], columns);
    const column = (place) => {
      const found = new Float64Array(n);
      for (let k = 0; k < n; k++) found[k] = rows[k][place];
      return found;
    };
    const isShared = (name) => shared.includes(name);
    const returned = begins ? names.filter((name) => !isShared(name)) : names; // after the weight
    const place = (name) => 1 + returned.indexOf(name);
    this.kept = names.filter((name) => !isShared(name)).map((name) => column(place(name)));
    this.shared = begins ? [...start] : shared.map((name) => rows[0][place(name)]);
    const weights = this.weights.slice();
    weights.set(column(0));
    return weights;
  }

  /** Stop: tell the first weight of which a number is not finite, else the largest weight. */
  stop(numbers, bad) {
    const first = numbers.findIndex((number) => !Number.isFinite(number));
    const sizes = this.weights.map(Math.abs), largest = sizes.indexOf(Math.max(...sizes));
    this.trouble = first < 0
      ? { loss: this.loss, bad: "", weight: largest, number: this.weights[largest] }
      : { loss: this.loss, bad, weight: first, number: numbers[first] };
    return false;
  }

  /** Go on from a step that was: the last good one, or that with the lowest loss. */
  backTo({ loss, steps, epochs, weights }) {
    Object.assign(this, { loss, steps, epochs, weights });
    this.trouble = null;
    this.losses.clear();
    this.heldOut = [];
    this.forget();
    this.restartEpoch();
  }

  /** Remember the loss of the points held out, after the steps of now. */
  noteHeldOut(loss) {
    if (this.heldOut.at(-1)?.steps === this.steps) this.heldOut.pop();
    this.heldOut.push({ steps: this.steps, loss });
    if (this.heldOut.length > 2 * MOST_NOTED) this.heldOut = this.heldOut.filter((_, k) => k % 2 === 0);
  }

  /** Return the outputs of each of these points, and the mean loss; null where there are none. */
  measured(numbers) {
    if (!numbers.length) return null;
    const columns = columnsOf(this.data.points, numbers, this.model.inputs.measure);
    const rows = this.programs.measure(this.weights, columns);
    const loss = rows.reduce((sum, row) => sum + row[0], 0) / rows.length;
    return { loss, outputs: rows.map((row) => row.slice(1)) };
  }

  /** Return for each unit a list: what it is for each of these rows of inputs. */
  activations(rows) {
    const { units, inputs } = this.model;
    const columns = columnsOf(rows, rows.map((_, k) => k), inputs.maps);
    const found = this.programs.maps(this.weights, columns);
    const nInputs = rows[0].length;
    return units.map((_, unit) => {
      const values = new Float64Array(rows.length);
      for (let k = 0; k < rows.length; k++) {
        values[k] = unit < nInputs ? rows[k][unit] : found[columns.length ? k : 0][unit - nInputs];
      }
      return values;
    });
  }
}
