"use strict";

// A host calls board(state). The board's own page loads the file named in data-source again and
// again, which makes that call: no server is needed. All is in one element; keys work only there.
const POLL = 60; // milliseconds
const ZOOM = 1.2; // a click or a notch of the wheel
const LARGEST_FIT = 2; // pixels a point

const root = document.getElementById("board");
const byId = (id) => root.querySelector(`#${id}`); // a page around it may have a graph of its own
let version = null;
let view = null; // the part of the picture that is seen, once somebody has zoomed or moved; else all

globalThis.board = (state) => {
  if (state.version === version) return;
  version = state.version;
  if (state.svg !== null) {
    byId("graph").innerHTML = state.svg; // our own drawing; labels in it are escaped
    for (const id of state.changed) byId(id)?.classList.add("changed");
    look();
  }
  byId("note").textContent = state.note;
  byId("error").textContent = state.error;
  byId("error").hidden = !state.error;
  root.dataset.version = version;
};

function poll() {
  const script = document.createElement("script");
  script.src = `${root.dataset.source}?${Date.now()}`;
  script.onload = script.onerror = () => { script.remove(); setTimeout(poll, POLL); };
  document.head.append(script);
}

// -- looking around --------------------------------------------------------------------------------

const svg = () => byId("graph").querySelector("svg");

/** Return the whole picture as a view, no larger than letters need. */
function whole() {
  const [, , width, height] = svg().dataset.size.split(" ").map(Number);
  const frame = byId("graph");
  const scale = Math.min(frame.clientWidth / width, frame.clientHeight / height, LARGEST_FIT);
  return { x: width / 2, y: height / 2, scale };
}

function look() {
  if (!svg()) return;
  svg().dataset.size ??= svg().getAttribute("viewBox");
  const { x, y, scale } = view ?? whole();
  const width = byId("graph").clientWidth / scale, height = byId("graph").clientHeight / scale;
  svg().setAttribute("viewBox", `${x - width / 2} ${y - height / 2} ${width} ${height}`);
}

/** Zoom; the point of the picture that is (across, down) from the middle stays where it is. */
function zoom(factor, across = 0, down = 0) {
  if (!svg()) return;
  const { x, y, scale } = view ?? whole();
  const larger = scale * factor;
  view = { x: x + across / scale - across / larger, y: y + down / scale - down / larger, scale: larger };
  look();
}

function move(across, down) {
  if (!svg()) return;
  const { x, y, scale } = view ?? whole();
  view = { x: x - across / scale, y: y - down / scale, scale };
  look();
}

function fit() {
  view = null;
  look();
}

byId("graph").addEventListener("wheel", (event) => {
  event.preventDefault();
  const frame = byId("graph").getBoundingClientRect();
  const across = event.clientX - frame.left - frame.width / 2;
  zoom(ZOOM ** -Math.sign(event.deltaY), across, event.clientY - frame.top - frame.height / 2);
}, { passive: false });
byId("graph").addEventListener("pointerdown", () => {
  const drag = (event) => move(event.movementX, event.movementY);
  addEventListener("pointermove", drag);
  addEventListener("pointerup", () => removeEventListener("pointermove", drag), { once: true });
});
const KEYS = {
  "+": () => zoom(ZOOM), "=": () => zoom(ZOOM), "-": () => zoom(1 / ZOOM), 0: fit,
  ArrowLeft: () => move(80, 0), ArrowRight: () => move(-80, 0), ArrowUp: () => move(0, 80), ArrowDown: () => move(0, -80),
};
root.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  KEYS[event.key]();
  event.preventDefault();
});
// What is clicked with the mouse does not keep the focus: Space would press it again.
root.addEventListener("click", (event) => {
  if (event.detail && event.target.closest("button")) root.focus();
});
byId("smaller").addEventListener("click", () => zoom(1 / ZOOM));
byId("larger").addEventListener("click", () => zoom(ZOOM));
byId("fit").addEventListener("click", fit);
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
new ResizeObserver(look).observe(byId("graph"));
if (root.dataset.source) {
  root.focus(); // alone on its page, it takes the keys at once
  poll();
}
