"use strict";

// The page loads state.js beside it again and again; that calls board(state). No server is needed.
const POLL = 60; // milliseconds
const ZOOM = 1.2; // a click or a notch of the wheel
const LARGEST_FIT = 2; // pixels a point

const byId = (id) => document.getElementById(id);
let version = null;
let view = null; // the part of the picture that is seen, once somebody has zoomed or moved; else all

function board(state) {
  if (state.version === version) return;
  version = state.version;
  if (state.svg !== null) {
    byId("graph").innerHTML = state.svg; // our own drawing; labels in it are escaped
    for (const id of state.changed) document.getElementById(id)?.classList.add("changed");
    look();
  }
  byId("note").textContent = state.note;
  byId("error").textContent = state.error;
  byId("error").hidden = !state.error;
  document.body.dataset.version = version;
}

function poll() {
  const script = document.createElement("script");
  script.src = `state.js?${Date.now()}`;
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

/** Zoom, keeping the point of the picture under (left, top) of the window where it is. */
function zoom(factor, left = innerWidth / 2, top = innerHeight / 2) {
  if (!svg()) return;
  const { x, y, scale } = view ?? whole();
  const across = left - byId("graph").clientWidth / 2, down = top - byId("graph").clientHeight / 2;
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
  zoom(ZOOM ** -Math.sign(event.deltaY), event.clientX, event.clientY);
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
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  KEYS[event.key]();
  event.preventDefault();
});
// What was clicked, not pressed, does not keep the focus: Space would press it again.
document.addEventListener("click", (event) => {
  if (event.detail) event.target.closest("button")?.blur();
});
byId("smaller").addEventListener("click", () => zoom(1 / ZOOM));
byId("larger").addEventListener("click", () => zoom(ZOOM));
byId("fit").addEventListener("click", fit);
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
addEventListener("resize", look);
poll();
