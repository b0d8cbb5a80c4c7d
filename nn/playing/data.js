// The picture of the data: the boundary between classes on a plane, or a curve; and the same plane or
// line as each unit of the network sees it.

const GRID = 40; // cells across the plane, where there are two inputs
const LINE = 120; // places along the axis, where there is one
const MARGIN = { left: 44, right: 12, top: 10, bottom: 30 }; // pixels around the plane, for its axes
const RADIUS = 7; // pixels of a mark
const isPlane = known.n_inputs === 2;
const classes = known.classes;

/** Return where a column of the points lies, with some room around it. */
function rangeOf(numbers) {
  const low = Math.min(...numbers), high = Math.max(...numbers), room = 0.15 * (high - low) || 1;
  return [low - room, high + room];
}

const columnOf = (place) => known.points.map((point) => point[place]);
const across = rangeOf(columnOf(0));
const up = isPlane || (classes.length && known.boundary === null) ? rangeOf(isPlane ? columnOf(1) : [0, 1]) : rangeOf(columnOf(1));
const between = ([low, high], share) => low + share * (high - low);

/** The inputs at which the picture is computed: row by row from the top, or along the axis. */
const grid = isPlane
  ? Array.from({ length: GRID * GRID }, (_, k) => [
      between(across, ((k % GRID) + 0.5) / GRID), between(up, 1 - (Math.floor(k / GRID) + 0.5) / GRID),
    ])
  : Array.from({ length: LINE }, (_, k) => [between(across, k / (LINE - 1))]);

/** Return which class a point is of, by its target; -1 where there are none. */
function classOf(point) {
  const target = point.slice(known.n_inputs);
  return classes.findIndex((its) => its.every((number, k) => number === target[k]));
}

/** Return which class the outputs stand for. */
function classFor(outputs) {
  if (known.boundary !== null) return outputs[0] > known.boundary ? 1 : 0;
  return outputs.indexOf(Math.max(...outputs));
}

/** Return how sure the outputs are of their class, from 0 to 1. */
function sureness(outputs) {
  if (known.boundary !== null) {
    const half = known.boundary === 0 ? 1 : (classes[1][0] - classes[0][0]) / 2;
    return Math.abs(Math.tanh((outputs[0] - known.boundary) / half));
  }
  const largest = Math.max(...outputs);
  const likely = 1 / outputs.reduce((sum, output) => sum + Math.exp(output - largest), 0);
  return (likely - 1 / outputs.length) / (1 - 1 / outputs.length);
}

// -- where things are on the canvas ----------------------------------------------------------------

const frame = { width: 0, height: 0 };
const share = ([low, high], number) => (number - low) / (high - low);
const toX = (x) => MARGIN.left + share(across, x) * (frame.width - MARGIN.left - MARGIN.right);
const toY = (y) => MARGIN.top + (1 - share(up, y)) * (frame.height - MARGIN.top - MARGIN.bottom);
const fromX = (pixels) => between(across, (pixels - MARGIN.left) / (frame.width - MARGIN.left - MARGIN.right));
const fromY = (pixels) => between(up, 1 - (pixels - MARGIN.top) / (frame.height - MARGIN.top - MARGIN.bottom));

/** Return where a point is on the canvas: on a line, its target is its height. */
function placeOf(point) {
  if (isPlane) return [toX(point[0]), toY(point[1])];
  if (classes.length && known.boundary === null) return [toX(point[0]), frame.height - MARGIN.bottom - 14];
  return [toX(point[0]), toY(point[1])];
}

// -- drawing ---------------------------------------------------------------------------------------

const sheets = new Map(); // for each number of cells a canvas that is painted again and again

/** Return a picture of the plane: ``share(k)`` of each cell's colour is that of ``towards(k)``. */
function cells(share, towards, side = GRID) {
  if (!sheets.has(side)) {
    const canvas = made("canvas", { width: side, height: side });
    sheets.set(side, { canvas, context: canvas.getContext("2d"), image: new ImageData(side, side) });
  }
  const { canvas, context, image } = sheets.get(side), { background } = colours.rgb;
  for (let k = 0; k < side * side; k++) {
    const much = share(k), colour = towards(k);
    for (let part = 0; part < 3; part++) image.data[4 * k + part] = background[part] + much * (colour[part] - background[part]);
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Return a picture of numbers with signs: the more of a sign's colour the larger they are. */
function signedCells(number, most, side = GRID) {
  const { negative, positive } = colours.rgb;
  const share = (k) => 0.85 * Math.min(1, Math.abs(number(k)) / most);
  return cells(share, (k) => (number(k) < 0 ? negative : positive), side);
}

function drawAxes(context) {
  const { width, height } = frame, left = MARGIN.left, bottom = height - MARGIN.bottom;
  context.strokeStyle = colours.quiet;
  context.lineWidth = 1;
  context.strokeRect(left, MARGIN.top, width - left - MARGIN.right, bottom - MARGIN.top);
  context.fillStyle = colours.ink;
  context.font = LIGHT_TEXT;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const x of ticks(across)) context.fillText(shown(x), toX(x), bottom + 12);
  if (isPlane || known.boundary !== null || !classes.length) {
    context.textAlign = "right";
    for (const y of ticks(up)) context.fillText(shown(y), left - 6, toY(y));
  }
}

/** Return three or so round numbers within a range. */
function ticks([low, high]) {
  const rough = (high - low) / 3, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [5, 2, 1].find((digit) => digit * power <= rough);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/** Draw the line on which ``heights``, a number for each cell of the plane, are zero. */
function drawContour(context, heights) {
  const at = (column, row) => heights[row * GRID + column];
  const cell = (k, length, start) => start + ((k + 0.5) / GRID) * length;
  const wide = frame.width - MARGIN.left - MARGIN.right, high = frame.height - MARGIN.top - MARGIN.bottom;
  for (let row = 0; row + 1 < GRID; row++) {
    for (let column = 0; column + 1 < GRID; column++) {
      const ends = [];
      for (const [c, r, dc, dr] of [[0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 0, 0, 1]]) {
        const one = at(column + c, row + r), other = at(column + c + dc, row + r + dr);
        if (one > 0 === other > 0) continue;
        const part = one / (one - other);
        ends.push([cell(column + c + dc * part, wide, MARGIN.left), cell(row + r + dr * part, high, MARGIN.top)]);
      }
      for (let k = 0; k + 1 < ends.length; k += 2) {
        context.moveTo(...ends[k]);
        context.lineTo(...ends[k + 1]);
      }
    }
  }
}

/** Return by how much output k is above the largest of the others. */
function lead(outputs, k) {
  let most = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < outputs.length; place++) if (place !== k) most = Math.max(most, outputs[place]);
  return outputs[k] - most;
}

/** Draw what the outputs, a list for each place of the grid, make of the plane. */
function drawPlane(context, outputs) {
  const [low, high] = rangeOf(classes.length ? [0] : columnOf(2)), middle = (low + high) / 2;
  const picture = classes.length
    ? cells((k) => 0.12 + 0.4 * sureness(outputs[k]), (k) => colours.classParts[classFor(outputs[k])])
    : signedCells((k) => outputs[k][0] - middle, high - middle);
  const wide = frame.width - MARGIN.left - MARGIN.right, tall = frame.height - MARGIN.top - MARGIN.bottom;
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, MARGIN.left, MARGIN.top, wide, tall);
  context.strokeStyle = colours.ink;
  context.lineWidth = 3;
  context.beginPath();
  if (known.boundary !== null || !classes.length) {
    drawContour(context, outputs.map(([output]) => output - (known.boundary ?? middle)));
  } else {
    for (const k of classes.keys()) drawContour(context, outputs.map((row) => lead(row, k)));
  }
  context.stroke();
  if (classes.length) drawRegionMarks(context, outputs);
}

/** Draw faint marks of the classes into their regions. */
function drawRegionMarks(context, outputs) {
  context.globalAlpha = 0.45;
  context.lineWidth = 1.2;
  for (let row = 3; row < GRID; row += 7) {
    for (let column = 3; column < GRID; column += 7) {
      const [x, y] = grid[row * GRID + column], its = classFor(outputs[row * GRID + column]);
      mark(context, its, toX(x), toY(y), 4);
      context.strokeStyle = colours.ink;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

const DASHES = [[], [12, 5], [3, 4], [12, 4, 3, 4], [20, 6], [6, 3], [2, 2], [16, 4, 3, 3, 3, 3], [8, 8], [1, 5]];
// The logit of class 1 is drawn as its probability, which is on the scale of the targets 0 and 1.
const isLogit = !isPlane && known.boundary === 0 && classes[0][0] === 0;
const drawn = (output) => (isLogit ? 1 / (1 + Math.exp(-output)) : output);

/** Draw each output as a curve over the one input; of several, each with dashes and a mark. */
function drawCurves(context, outputs) {
  const n = outputs[0].length;
  const heights = n > 1 ? rangeOf(outputs.flat()) : up;
  const height = (y) => MARGIN.top + (1 - share(heights, y)) * (frame.height - MARGIN.top - MARGIN.bottom);
  context.save();
  context.beginPath();
  context.rect(MARGIN.left, MARGIN.top, frame.width - MARGIN.left - MARGIN.right, frame.height - MARGIN.top - MARGIN.bottom);
  context.clip();
  for (let k = 0; k < n; k++) {
    context.beginPath();
    for (const [place, [x]] of grid.entries()) context.lineTo(toX(x), height(drawn(outputs[place][k])));
    context.setLineDash(DASHES[k]);
    context.strokeStyle = n > 1 ? colours.classes[k] : colours.negative;
    context.lineWidth = 4;
    context.stroke();
    context.setLineDash([]);
    if (n > 1) drawMark(context, k, frame.width - MARGIN.right - 14, height(outputs.at(-2)[k]), colours.classes[k], colours.ink);
  }
  context.setLineDash([6, 6]);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.ink;
  context.beginPath();
  if (known.boundary !== null) {
    context.moveTo(toX(across[0]), toY(drawn(known.boundary)));
    context.lineTo(toX(across[1]), toY(drawn(known.boundary)));
  }
  context.stroke();
  context.restore();
}

/** Return the mark of a point: its class, or whether its target is above the middle. */
function shapeOf(point) {
  if (classes.length) return classOf(point);
  return isPlane ? (point[2] > between(rangeOf(columnOf(2)), 0.5) ? 2 : 6) : 0;
}

function drawMark(context, shape, x, y, fill, stroke, radius = RADIUS, width = 1.5) {
  mark(context, shape, x, y, radius);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
}

function drawPoint(context, point, isHeldOut, isChosen) {
  const [x, y] = placeOf(point), shape = shapeOf(point);
  const colour = classes.length ? colours.classes[shape] : colours.positive;
  const [fill, stroke] = isHeldOut ? [colours.background, colour] : [colour, colours.ink];
  drawMark(context, shape, x, y, fill, stroke, isChosen ? RADIUS + 3 : RADIUS, isHeldOut || isChosen ? 3 : 1.5);
}

/** Draw the data; ``outputs`` has a list of outputs for each place of the grid. */
function drawData(outputs, { points, order, heldOut, chosen, cross }) {
  const { context, width, height } = opened(byId("data"));
  Object.assign(frame, { width, height });
  if (isPlane) drawPlane(context, outputs);
  drawAxes(context);
  if (!isPlane) drawCurves(context, outputs);
  for (const k of heldOut) drawPoint(context, points[k], true, k === chosen);
  for (const k of order) drawPoint(context, points[k], false, k === chosen);
  if (cross) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(cross[0] - 14, cross[1]);
    context.lineTo(cross[0] + 14, cross[1]);
    context.moveTo(cross[0], cross[1] - 14);
    context.lineTo(cross[0], cross[1] + 14);
    context.stroke();
  }
  if (order.length) return;
  context.fillStyle = colours.ink;
  context.font = "600 20px system-ui, Helvetica, Arial, sans-serif";
  context.textAlign = "center";
  context.fillText(words.click_to_add_one, width / 2, height / 2);
}

/** Draw what a unit is at each place of the grid into a square, every ``coarse``-th cell of it. */
function drawMap(context, values, x, y, size, coarse = 2) {
  let most = 1e-9;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  if (isPlane) {
    const side = GRID / coarse;
    const number = (k) => values[Math.floor(k / side) * coarse * GRID + (k % side) * coarse];
    context.imageSmoothingEnabled = true;
    context.drawImage(signedCells(number, most, side), x, y, size, size);
    return;
  }
  context.fillStyle = colours.background;
  context.fillRect(x, y, size, size);
  const height = (value) => y + size / 2 - (value / most) * 0.42 * size;
  context.lineWidth = 1;
  context.strokeStyle = colours.quiet;
  context.beginPath();
  context.moveTo(x, y + size / 2);
  context.lineTo(x + size, y + size / 2);
  context.stroke();
  context.beginPath();
  for (const [k, value] of values.entries()) context.lineTo(x + (size * k) / (values.length - 1), height(value));
  context.strokeStyle = colours.ink;
  context.lineWidth = size > 60 ? 3 : 2;
  context.stroke();
}
