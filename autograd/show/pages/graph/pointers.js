// What points at a place in a view: a bead from giver to receiver, a few words beside a box, a map.

const BEAD = 700; // milliseconds that a bead takes along its edge
const MOST_BEADS = 40;
const MAP = 180, SHARE = 0.22; // pixels that a map is wide, or as a share of a wide drawing
const MARKED = ".computed, .operand, .gives, .receives, .leads, .moves"; // by a step
const PLACES = 12; // places along an edge that a map does not hide
const SMALLER = [1, 0.7, 0.5, 0.35]; // sizes of a map, as shares of the largest, until one is free
const CORNERS = ["bottom right", "bottom left", "top right", "top left", "middle right", "middle left"]; // where it may be

class PointingView extends View {
  /** Let a bead run along edges, from the box that gives to the one that receives. */
  bead(edges) {
    const { isForwardMode } = this.graph;
    for (const old of this.svg.querySelectorAll(".bead, .back-head")) old.remove();
    for (const { id } of edges.slice(0, MOST_BEADS)) {
      const path = this.elements.get(id)?.querySelector("path:not(.hit)");
      if (!path) continue;
      const length = path.getTotalLength(), at = (share) => path.getPointAtLength(length * (isForwardMode ? share : 1 - share));
      path.parentElement.append(headAt(at(1), at(1 - Math.min(12 / length, 1))));
      if (calm.matches) continue;
      const bead = document.createElementNS(SVG, "circle");
      bead.setAttribute("class", "bead");
      bead.setAttribute("r", 6);
      path.parentElement.append(bead);
      const places = Array.from({ length: 13 }, (_, k) => at(k / 12));
      bead.animate(places.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` })), { duration: BEAD, fill: "forwards", easing: "ease-in-out" })
        .finished.then(() => bead.remove(), () => {});
    }
  }

  /** Let a few words stand beside a box, where they hide no other: {id, text, look}, or null. */
  say(callout) {
    this.svg.querySelector(".callout")?.remove();
    const group = callout && this.elements.get(callout.id);
    if (!group) return;
    const words = document.createElementNS(SVG, "g"), text = document.createElementNS(SVG, "text");
    words.setAttribute("class", `callout ${callout.look}`);
    words.setAttribute("aria-hidden", "true");
    text.textContent = callout.text;
    words.append(text);
    group.parentElement.append(words);
    const size = text.getBBox(), box = group.getBBox(), around = this.svg.viewBox.baseVal;
    const width = size.width + 12, height = size.height + 4, middle = box.x + box.width / 2;
    const others = this.boxes.map((other) => this.elements.get(other.id)).filter((other) => other && other !== group).map((other) => other.getBBox());
    const labels = [...this.svg.querySelectorAll(".edge:not(.unused) text")].map((label) => label.getBBox());
    const room = this.svg.querySelector("g.graph").getCTM().inverse();
    const beyond = Math.max(0, (this.frame.clientHeight / this.factor - around.height) / 2); // the paper
    const [top, bottom] = [around.y - beyond, around.y + around.height + beyond].map((y) => y + room.f);
    const [left, right] = [around.x, around.x + around.width].map((x) => x + room.e);
    const across = Math.max(left + width / 2, Math.min(right - width / 2, middle));
    const places = [[across, box.y - height / 2 - 4], [across, box.y + box.height + height / 2 + 4]];
    const [low, high] = [box.y + height / 2, box.y + box.height - height / 2];
    for (const x of [box.x + box.width + width / 2 + 4, box.x - width / 2 - 4]) places.push([x, low], [x, high]);
    const isInside = ([x, y]) => y - height / 2 >= top && y + height / 2 <= bottom && x - width / 2 >= left && x + width / 2 <= right;
    const hidesNone = (those, [x, y]) => those.every((b) => x + width / 2 < b.x || x - width / 2 > b.x + b.width || y + height / 2 < b.y || y - height / 2 > b.y + b.height);
    const free = places.filter((place) => isInside(place) && hidesNone(others, place));
    const place = free.find((place) => hidesNone(labels, place)) ?? free[0];
    if (!place) {
      words.remove();
      return;
    }
    const paper = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ x: -width / 2, y: -height / 2, width, height, rx: 5 })) paper.setAttribute(key, value);
    text.setAttribute("y", 5);
    words.prepend(paper);
    words.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
  }

  /**
   * Draw a small map of all boxes with the part that is seen, if not all is; a click goes there.
   * It stands at a side where it covers no box, and if there is one nothing that is told, if need be
   * smaller; else it is hidden.
   */
  map(element) {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight, scrollLeft, scrollTop } = this.frame;
    element.hidden = scrollWidth <= clientWidth + 2 && scrollHeight <= clientHeight + 2;
    if (element.hidden) return;
    const corner = this.svg.getBoundingClientRect(), map = document.createElementNS(SVG, "svg");
    map.setAttribute("viewBox", `0 0 ${corner.width} ${corner.height}`);
    const most = Math.min(MAP, clientHeight - 30); // pixels that it is high: it stands within the frame
    const width = Math.min(Math.max(MAP, SHARE * clientWidth), (most * corner.width) / corner.height);
    map.setAttribute("width", width);
    const boxes = this.boxes.map((box) => this.elements.get(box.id)).filter(Boolean);
    for (const box of boxes) map.append(rectangle(this.placeOnPaper(box), 0, box.getAttribute("class")));
    map.append(rectangle({ left: scrollLeft, right: scrollLeft + clientWidth, top: scrollTop, bottom: scrollTop + clientHeight }, 0, "seen"));
    element.replaceChildren(map);
    const all = [...this.svg.querySelectorAll(".node, .frame")]; // references too
    const places = all.map((one) => shifted(this.placeOnPaper(one), corner));
    [[...places, ...this.told()], places].some((covered) => SMALLER.some((share) => {
      map.setAttribute("width", share * width);
      return putInFreeCorner(element, covered);
    }));
    map.addEventListener("click", (event) => {
      const area = map.getBoundingClientRect(), factor = corner.width / area.width;
      const [left, top] = [(event.clientX - area.x) * factor - clientWidth / 2, (event.clientY - area.y) * factor - clientHeight / 2];
      this.frame.scrollTo({ left, top, behavior: calm.matches ? "auto" : "smooth" });
    });
  }

  /** Return where on the screen the words beside boxes and edges stand, and the edges that are marked. */
  told() {
    const texts = [...this.svg.querySelectorAll(".callout, .edge:not(.unused) text")].map((one) => one.getBoundingClientRect());
    const marked = [...this.svg.querySelectorAll(`.edge:is(${MARKED}) path:not(.hit)`)];
    return [...texts.filter(({ width }) => width), ...marked.flatMap((path) => {
      const length = path.getTotalLength(), toScreen = path.getScreenCTM();
      return Array.from({ length: PLACES + 1 }, (_, k) => {
        const { x, y } = path.getPointAtLength((length * k) / PLACES).matrixTransform(toScreen);
        return { left: x, right: x, top: y, bottom: y };
      });
    })];
  }

  /** Return where an element stands in the drawing, in pixels. */
  placeOnPaper(element) {
    const { a, e, f } = this.svg.querySelector("g.graph").getCTM(), { left, right, top, bottom } = placeOf(element);
    return { left: e + a * left, right: e + a * right, top: f + a * top, bottom: f + a * bottom };
  }
}

/** Move a map to a corner, or a side, where it covers nothing, if it has to; hide it, and return false, if there is none. */
function putInFreeCorner(element, places) {
  element.hidden = false;
  const isFree = (corner) => {
    element.dataset.corner = corner;
    const own = element.getBoundingClientRect();
    return !places.some((place) => overlap(own, place));
  };
  element.hidden = ![element.dataset.corner ?? CORNERS[0], ...CORNERS].some(isFree);
  if (element.hidden) delete element.dataset.corner;
  return !element.hidden;
}

/** Return the head of an arrow that points to `end`, coming from `before`. */
function headAt(end, before) {
  const head = document.createElementNS(SVG, "polygon");
  const angle = Math.atan2(end.y - before.y, end.x - before.x), long = 11, wide = 0.42;
  const corner = (turn) => `${end.x - long * Math.cos(angle + turn)},${end.y - long * Math.sin(angle + turn)}`;
  head.setAttribute("class", "back-head");
  head.setAttribute("points", `${end.x},${end.y} ${corner(wide)} ${corner(-wide)}`);
  return head;
}
