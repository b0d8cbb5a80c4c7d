// What the page knows from Python, and how it looks: colours, marks, numbers.

const known = JSON.parse(document.getElementById("known").textContent);
const { words } = known;
const byId = (id) => document.getElementById(id);
const CLASS_COLOURS = 10;
const TEXT = "600 15px system-ui, Helvetica, Arial, sans-serif";
const LIGHT_TEXT = "15px system-ui, Helvetica, Arial, sans-serif";

const colours = {};

/** Read the colours of the theme; call it again when that changes. */
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  for (const name of ["background", "ink", "quiet", "line", "negative", "positive"]) colours[name] = read(name);
  colours.classes = Array.from({ length: CLASS_COLOURS }, (_, k) => read(`class${k}`));
  colours.rgb = Object.fromEntries(["background", "negative", "positive"].map((name) => [name, parts(colours[name])]));
  colours.classParts = colours.classes.map(parts);
}

/** Return red, green and blue of a colour like #0072b2. */
function parts(colour) {
  return [1, 3, 5].map((k) => Number.parseInt(colour.slice(k, k + 2), 16));
}

/** Return a number with a few significant digits and true minus signs. */
function shown(number, digits = 4) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number), isLong = size !== 0 && (size < 1e-4 || size >= 1e7);
  const rounded = Number(number.toPrecision(digits));
  return (isLong ? rounded.toExponential() : String(rounded)).replaceAll("-", "−").replace("e+", "e");
}

/** Return a phrase with its {slots} filled. */
function filled(phrase, slots) {
  return phrase.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Return a new element with attributes; one called text is what stands in it. */
function made(name, { text = "", ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

/** Fit a canvas to its box and the pixels of the screen; return its context, in CSS pixels. */
function opened(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = Math.max(1, Math.min(2, globalThis.devicePixelRatio || 1));
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// -- marks: each class has a shape of its own, so that nothing rests on its colour ------------------

const corners = (n, turn = 0) => Array.from({ length: n }, (_, k) => [2 * Math.PI * (k / n) - Math.PI / 2 + turn, 1]);
const star = Array.from({ length: 10 }, (_, k) => [Math.PI * (k / 5) - Math.PI / 2, k % 2 ? 0.45 : 1.15]);
const arms = (turn) => [0, 1, 2, 3].flatMap((k) => {
  const angle = (Math.PI / 2) * k + turn;
  return [[angle - 0.33, 1.1], [angle + 0.33, 1.1], [angle + Math.PI / 4, 0.5]];
});
const SHAPES = [
  corners(24), corners(4, Math.PI / 4), corners(3), corners(4), arms(0),
  arms(Math.PI / 4), corners(3, Math.PI), star, corners(5), corners(6),
];

/** Draw the mark of a class around a point. */
function mark(context, shape, x, y, radius) {
  context.beginPath();
  for (const [angle, far] of SHAPES[shape]) context.lineTo(x + radius * far * Math.cos(angle), y + radius * far * Math.sin(angle));
  context.closePath();
}
