// The points: what is there, and changing it by pointer or keys.

const REACH = 22; // pixels from a point within which it is meant
const KEY_STEP = 8; // pixels the cross moves by an arrow key

const noise = { size: 0, of: [], random: null }; // one number for each coordinate of each point, drawn once
const data = {
  given: known.points, // without noise
  points: [],
  order: [...known.order],
  heldOut: [...known.held_out],
  random: new Twister(known.random),
};
const hand = { tool: "move", brush: 0, chosen: -1, cross: null, isDown: false };

/** Return the targets that a new point may have. */
function brushes() {
  if (classes.length) return classes.map((target, k) => ({ name: known.class_names[k], target }));
  if (!isPlane) return [];
  const [low, high] = rangeOf(columnOf(2));
  return [0.15, 0.5, 0.85].map((part) => between([low, high], part)).map((target) => ({ name: shown(target), target: [target] }));
}

/** Go back to the points of Python. */
function giveBack() {
  data.given = known.points.map((point) => [...point]);
  data.order = [...known.order];
  data.heldOut = [...known.held_out];
  noise.of = [];
  noise.random = data.random.copy();
  spread();
}

/** Put noise on the points: on the inputs of classes, else on the targets. */
function spread() {
  const places = classes.length ? Array.from({ length: known.n_inputs }, (_, k) => k) : [known.n_inputs];
  for (let k = noise.of.length; k < data.given.length; k++) {
    noise.of.push(places.map((place) => [place, noise.random.gauss() * noiseScale(place)]));
  }
  data.points = data.given.map((point, k) => {
    const moved = [...point];
    for (const [place, amount] of noise.of[k]) moved[place] += noise.size * amount;
    return moved;
  });
}

function noiseScale(place) {
  const [low, high] = place === 0 ? across : isPlane && place === 2 ? rangeOf(columnOf(2)) : up;
  return (high - low) / 4;
}

const all = () => [...data.order, ...data.heldOut];

/** Return the point that is nearest to a place on the canvas, and near; -1 if none is. */
function nearest(x, y) {
  let found = -1, least = REACH;
  for (const k of all()) {
    const [itsX, itsY] = placeOf(data.points[k]), far = Math.hypot(itsX - x, itsY - y);
    if (far <= least) [found, least] = [k, far];
  }
  return found;
}

/** Return a row and its target at a place on the canvas; ``as`` is a point whose target it keeps. */
function pointAt(x, y, as = null) {
  const target = as ? as.slice(known.n_inputs) : (brushes()[hand.brush]?.target ?? []);
  if (isPlane) return [fromX(x), fromY(y), ...target];
  return classes.length ? [fromX(x), ...target] : [fromX(x), fromY(y)];
}

function add(x, y) {
  data.given.push(pointAt(x, y));
  spread();
  moveTo(data.given.length - 1, x, y);
  data.order.push(data.given.length - 1);
}

function moveTo(k, x, y) {
  const wanted = pointAt(x, y, data.points[k]);
  data.given[k] = wanted.map((number, place) => number - data.points[k][place] + data.given[k][place]);
  data.points[k] = wanted;
}

function remove(k) {
  data.order = data.order.filter((its) => its !== k);
  data.heldOut = data.heldOut.filter((its) => its !== k);
}

function flip(k) {
  const target = classes[(classOf(data.points[k]) + 1) % classes.length];
  for (const points of [data.given, data.points]) points[k] = [...points[k].slice(0, known.n_inputs), ...target];
}

/** Do what the tool does at a place; return a phrase of what was done, "" for nothing. */
function use(x, y) {
  const k = nearest(x, y);
  if (hand.tool === "add" || !data.order.length) {
    add(x, y);
    return words.added;
  }
  if (k < 0) return "";
  if (hand.tool === "remove") {
    remove(k);
    return words.removed;
  }
  if (hand.tool === "flip" && classes.length) {
    flip(k);
    return filled(words.flipped, { name: known.class_names[classOf(data.points[k])] });
  }
  if (hand.tool === "open") {
    openRow(data.points[k]);
    return "";
  }
  hand.chosen = hand.chosen === k ? -1 : k;
  return hand.chosen < 0 ? words.put_down : words.picked_up;
}

/** Let pointer and keys change the points; ``changed`` is called with what to say of it. */
function letTouch(canvas, changed) {
  const placed = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = placed(event);
    hand.cross = null;
    hand.chosen = -1;
    const told = use(x, y);
    if (hand.chosen >= 0) canvas.setPointerCapture(event.pointerId);
    hand.isDown = hand.chosen >= 0;
    changed(told, hand.isDown ? "look" : "data");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!hand.isDown) return;
    moveTo(hand.chosen, ...placed(event));
    changed("", "data");
  });
  const letGo = () => {
    if (!hand.isDown) return;
    hand.isDown = false;
    hand.chosen = -1;
    changed("", "look");
  };
  canvas.addEventListener("pointerup", letGo);
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("keydown", (event) => onKey(event, changed));
  canvas.addEventListener("blur", () => {
    hand.cross = null;
    hand.chosen = -1;
    changed("", "look");
  });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event, changed) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [x, y] = hand.cross ?? [frame.width / 2, frame.height / 2];
  if (ARROWS[event.key]) {
    const step = KEY_STEP * (event.shiftKey ? 4 : 1), [right, down] = ARROWS[event.key];
    hand.cross = [
      Math.max(MARGIN.left, Math.min(frame.width - MARGIN.right, x + step * right)),
      Math.max(MARGIN.top, Math.min(frame.height - MARGIN.bottom, y + step * down)),
    ];
    if (hand.chosen >= 0) moveTo(hand.chosen, ...hand.cross);
    changed(whereText(), hand.chosen >= 0 ? "data" : "look");
  } else if (event.key === "Enter" || event.key === " ") {
    hand.cross = [x, y];
    changed(use(x, y), "data");
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function whereText() {
  const [x, y] = hand.cross, k = nearest(x, y);
  const place = isPlane ? `${shown(fromX(x))}, ${shown(fromY(y))}` : shown(fromX(x));
  return k < 0 || hand.chosen >= 0 ? place : filled(words.near_point, { place, name: describe(data.points[k]) });
}

/** Return what a screen reader says of a point: its class or target, and where it is. */
function describe(point) {
  const target = classes.length ? known.class_names[classOf(point)] : shown(point[known.n_inputs]);
  return `${point.slice(0, known.n_inputs).map((number) => shown(number)).join(", ")} → ${target}`;
}
