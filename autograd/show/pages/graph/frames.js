// Frames: a dashed line around what an opened fold holds, if nothing else is within, and its name
// at a corner, which closes it.

const LEVELS = 2; // of frames within one another, the innermost
const GAP = 7; // points between a box and the frame around it, or between two frames
const CLEAR = 2; // points at least between a frame and another box
const NAME_HEIGHT = 18, NAME_ROOM = 14; // points; the room beside the letters

/** Return the folds around each box that are open, the outermost first. */
function openAround(view, box) {
  const around = view.folds.lineage(box.nodes[0]);
  const end = box.fold === undefined ? around.length : around.indexOf(box.fold) + (box.rest ? 1 : 0);
  return around.slice(0, end).filter((j) => view.cut.open.has(j));
}

/** Return [fold, height] of those to be framed, the innermost first, which have height 1. */
function foldsToFrame(view, isOpened) {
  const heights = new Map();
  for (const box of view.boxes) {
    const around = openAround(view, box).filter(isOpened);
    for (const [k, j] of around.entries()) heights.set(j, Math.max(heights.get(j) ?? 0, around.length - k));
  }
  return [...heights].filter(([, height]) => height <= LEVELS).sort((a, b) => a[1] - b[1]);
}

/** Draw the frames of folds that `isOpened`; a click on a name calls `close`. */
function drawFrames(view, isOpened, close) {
  view.frames = [];
  const wanted = foldsToFrame(view, isOpened);
  if (!wanted.length) return;
  const boxes = placesOfBoxes(view), lines = document.createElementNS(SVG, "g"), all = view.svg.querySelector("g.graph");
  const taken = [...boxes.map(({ place }) => place), ...[...view.svg.querySelectorAll("g.edge > text")].map(placeOf)];
  const framed = new Set(); // what is in each frame
  lines.setAttribute("class", "frames");
  all.prepend(lines);
  for (const [j, height] of wanted) {
    const nodes = new Set(view.folds.nodesIn(-1 - j)), inside = boxes.filter(({ node }) => nodes.has(node));
    const frame = grown(union(inside.map(({ place }) => place)), GAP * height), held = inside.map(({ node }) => node).join();
    const isAlone = boxes.every(({ node, place }) => nodes.has(node) || !overlap(frame, grown(place, CLEAR)));
    if (!isAlone || framed.has(held)) continue;
    const group = nameButton(view, j, close);
    all.append(group);
    const corner = putAtCorner(group, frame, taken);
    if (!corner) continue;
    framed.add(held);
    taken.push(corner);
    lines.prepend(rectangle(frame, 2 * GAP));
    view.frames.push({ id: group.id, fold: j });
    view.elements.set(group.id, group);
    makeRoomFor(view, union([corner, grown(frame, 2)]));
  }
}

/** Put a name at the first corner where nothing is yet, and return where that is; else remove it. */
function putAtCorner(group, frame, taken) {
  const text = group.firstChild, width = text.getBBox().width + NAME_ROOM;
  const place = cornersOf(frame, width).find((name) => !taken.some((other) => overlap(name, other)));
  if (!place) {
    group.remove();
    return null;
  }
  group.prepend(rectangle(place, NAME_HEIGHT / 2));
  text.setAttribute("x", (place.left + place.right) / 2);
  text.setAttribute("y", place.bottom - 4);
  return place;
}

/** Return where each box is, by its first node, and each reference, which belongs to what it leads to. */
function placesOfBoxes(view) {
  const boxes = new Map(view.boxes.map((box) => [box.id, box]));
  return [...view.svg.querySelectorAll("g.node")].flatMap((group) => {
    const box = boxes.get(group.id) ?? view.boxes[group.id.split("-")[1]];
    return box ? [{ node: box.nodes[0], place: placeOf(group) }] : [];
  });
}

/** Return the name of a fold as a button. */
function nameButton(view, j, close) {
  const group = document.createElementNS(SVG, "g"), text = document.createElementNS(SVG, "text"), { title } = view.folds.folds[j];
  group.id = `c${j}`;
  group.setAttribute("class", "frame");
  group.setAttribute("aria-label", view.words.close_fold.replace("{name}", title));
  text.textContent = `✕ ${title}`;
  group.append(text);
  makeOperable(group, () => close(j));
  return group;
}

/** Return where a name may stand: over the line at each corner of a frame, more outside than inside. */
function cornersOf({ left, right, top, bottom }, width) {
  const rows = [top - NAME_HEIGHT + GAP - 1, bottom - GAP + 1];
  return rows.flatMap((y) => [left, right - width].map((x) => ({ left: x, right: x + width, top: y, bottom: y + NAME_HEIGHT })));
}

/** Enlarge the drawing where something stands outside of it. */
function makeRoomFor(view, { left, right, top, bottom }) {
  const { e, f } = view.svg.querySelector("g.graph").transform.baseVal.consolidate().matrix; // Graphviz moves all by this
  const [x, y, width, height] = view.svg.getAttribute("viewBox").split(" ").map(Number);
  const [west, north] = [Math.min(x, left + e), Math.min(y, top + f)];
  const [east, south] = [Math.max(x + width, right + e), Math.max(y + height, bottom + f)];
  view.svg.setAttribute("viewBox", [west, north, east - west, south - north].join(" "));
}
