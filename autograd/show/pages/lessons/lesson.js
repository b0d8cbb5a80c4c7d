"use strict";

// The steps were computed and put into words in Python; the page only shows them.
const lesson = JSON.parse(document.getElementById("lesson").textContent);
const objects = ([columns, ...rows]) => rows.map((row) => Object.fromEntries(row.map((cell, k) => [columns[k], cell])));
const steps = objects(lesson.steps), nodes = objects(lesson.nodes), edges = objects(lesson.edges), words = lesson.words;
const boxes = new Set(nodes.flatMap((node) => node.boxes));
const byId = (id) => document.getElementById(id);
const isFolded = (id) => byId(id).classList.contains("folded");
const PACE = 1600; // milliseconds a step at speed 1
const LEAST_FIT = 0.85, WHEN_SCROLLED = 1.15, GREATEST = 2; // pixels a point; the text has 14 points
const LONG = 66; // letters of arithmetic that fit in one line of the largest type

const fieldsOf = new Map(); // the id of a box that is not folded: where its two numbers stand
for (const id of boxes) {
  if (!isFolded(id)) fieldsOf.set(id, { number: byId(id).querySelector(".number"), gradient: byId(id).querySelector(".gradient") });
}

const rows = []; // of the table, one for each node
let at = 0; // steps done
let timer = null;
let seesAll = false; // the whole graph, however small

// -- what a step shows -----------------------------------------------------------------------------

/** Return what has happened after k steps. */
function stateAfter(k) {
  const state = { reached: nodes.map((node) => node.leaf), grads: nodes.map(() => null), used: new Set() };
  for (const step of steps.slice(0, k)) {
    if (step.kind === "forward") {
      state.reached[step.node] = true;
    } else {
      state.grads[step.to] = step.rounded ? `≈${step.after}` : step.after;
      for (const edge of step.edges) state.used.add(edge);
    }
  }
  return state;
}

/** Return the look of each box and edge that the step is about, by the table that Python reads too. */
function looksOf(step) {
  const looks = new Map();
  if (!step) return looks;
  const roles = { node: [step.node], operands: step.from, receiver: [step.to] };
  for (const [role, look] of Object.entries(lesson.marks[step.kind])) {
    const ids = role === "edges" ? step.edges : roles[role].flatMap((node) => nodes[node].boxes);
    for (const id of ids) looks.set(id, look);
  }
  return looks;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Write a line that breaks, where it can, before = and ≈ only. */
function writeLine(element, text) {
  const parts = text.split(/(?<= )(?=[=≈] )/).map((part) => {
    const span = document.createElement("span");
    span.textContent = part;
    return span;
  });
  element.replaceChildren(...parts);
}

const dressed = new Map();

/** Give a box or an edge its look, if that is not the one it has. */
function dress(id, look) {
  const before = dressed.get(id);
  if (before === look) return;
  if (before) byId(id).classList.remove(...before.split(" "));
  if (look) byId(id).classList.add(...look.split(" "));
  dressed.set(id, look);
}

function show(k) {
  at = Math.max(0, Math.min(steps.length, k));
  const step = at ? steps[at - 1] : null;
  const state = stateAfter(at);
  showGraph(state, looksOf(step));
  showTable(state, step);
  byId("step").className = step ? (step.kind === "forward" ? "forward" : "backward") : "";
  write(byId("phase"), step ? step.phase : "");
  write(byId("title"), step ? step.title : words.start);
  writeLine(byId("arithmetic"), step ? step.text : words.press);
  byId("arithmetic").classList.toggle("long", Boolean(step) && step.text.length > LONG);
  write(byId("total"), step ? step.total : "");
  write(byId("echo"), byId("inside").childElementCount && step ? step.text : "");
  byId("scrubber").value = at;
  byId("scrubber").setAttribute("aria-valuetext", step ? `${at}: ${step.title || step.text}` : words.start);
  write(byId("place"), `${at}/${steps.length}`);
  byId("first").disabled = byId("back").disabled = at === 0;
  byId("next").disabled = byId("last").disabled = at === steps.length;
  if (at === steps.length) pause();
  if (step) reveal(byId(nodes[step.kind === "forward" ? step.node : step.to].boxes[0]));
}

function showGraph(state, looks) {
  const begun = new Set();
  nodes.forEach((node, k) => {
    const data = state.reached[k] ? node.data : words.no_data;
    const grad = state.grads[k] ?? words.no_grad;
    for (const id of node.boxes) {
      if (state.reached[k]) begun.add(id);
      const fields = fieldsOf.get(id);
      if (!fields) continue; // a folded box
      write(fields.number, `${words.data} ${data}`);
      write(fields.gradient, `${words.grad} ${grad}`);
    }
  });
  for (const id of boxes) dress(id, looks.get(id) || (begun.has(id) ? "" : lesson.ahead));
  for (const edge of edges) {
    const isAhead = boxes.has(edge.target) && !begun.has(edge.target);
    const isUnused = !edge.bundle && !state.used.has(edge.id);
    dress(edge.id, [looks.get(edge.id) || (isAhead ? lesson.ahead : ""), isUnused ? "unused" : ""].join(" ").trim());
  }
}

function showTable(state, step) {
  nodes.forEach((node, k) => {
    const [, data, grad] = rows[k].children;
    write(data, state.reached[k] ? node.data : words.no_data);
    write(grad, state.grads[k] ?? words.no_grad);
  });
  for (const row of byId("table").querySelectorAll("tr.computed, tr.receives")) row.className = "";
  if (!step) return;
  const row = rows[step.kind === "forward" ? step.node : step.to];
  row.className = step.kind === "forward" ? "computed" : "receives";
  intoView(byId("table"), row, { sideways: false });
}

// -- moving ----------------------------------------------------------------------------------------

/** Scroll the graph, and nothing around it, so that a box can be seen. */
function reveal(box) {
  intoView(box.closest("#graph, #inside") || byId("graph"), box);
}

function intoView(frame, element, { sideways = true } = {}) {
  const outer = frame.getBoundingClientRect(), inner = element.getBoundingClientRect();
  const offset = (low, high, least, most) => (least < low || most > high ? (least + most - low - high) / 2 : 0);
  const left = sideways ? offset(outer.left, outer.right, inner.left, inner.right) : 0;
  const top = offset(outer.top + 40, outer.bottom, inner.top, inner.bottom);
  if (left || top) frame.scrollBy({ left, top });
}

function play() {
  if (at === steps.length) show(0);
  byId("play").classList.add("playing");
  byId("play").setAttribute("aria-label", words.pause);
  byId("step").setAttribute("aria-live", "off");
  timer = setInterval(() => show(at + 1), PACE / Number(byId("speed").value));
}

function pause() {
  clearInterval(timer);
  timer = null;
  byId("play").classList.remove("playing");
  byId("play").setAttribute("aria-label", words.play);
  byId("step").setAttribute("aria-live", "polite");
}

function go(k) {
  pause();
  show(k);
}

const MOVES = {
  ArrowRight: () => go(at + 1),
  ArrowLeft: () => go(at - 1),
  Home: () => go(0),
  End: () => go(steps.length),
  " ": () => (timer ? pause() : play()),
};

document.addEventListener("keydown", (event) => {
  const target = event.target;
  const isItsOwn = target.matches("select") || (target.matches("input") && event.key !== " ")
    || (target.matches("button") && event.key === " ");
  if (event.ctrlKey || event.metaKey || event.altKey || isItsOwn) return;
  if ((event.key === "Enter" || event.key === " ") && target.dataset.detail !== undefined) {
    tellOf(target);
  } else if (MOVES[event.key]) {
    MOVES[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

for (const [id, key] of [["first", "Home"], ["back", "ArrowLeft"], ["play", " "], ["next", "ArrowRight"], ["last", "End"]]) {
  byId(id).addEventListener("click", MOVES[key]);
}
// What is clicked with the mouse does not keep the focus, so the keys still make steps.
document.addEventListener("click", (event) => {
  if (event.detail) event.target.closest("button, [data-detail]")?.blur();
}, { capture: true });
byId("scrubber").addEventListener("input", (event) => go(Number(event.target.value)));
byId("speed").addEventListener("change", () => {
  byId("speed").blur();
  if (timer) { pause(); play(); }
});
byId("all").addEventListener("click", () => {
  seesAll = !seesAll;
  byId("all").setAttribute("aria-pressed", seesAll);
  fitGraph();
  show(at);
});
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});

// -- details: the past steps of a node or an edge -------------------------------------------------

function paragraph(text) {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
}

/** Return the steps as a list of buttons that go to them. */
function listOf(chosen) {
  const list = document.createElement("ol");
  for (const step of chosen) {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = step.title ? `${step.title}:  ${step.text}` : step.text;
    const k = steps.indexOf(step) + 1;
    item.className = `${step.kind === "forward" ? "forward" : "backward"} ${k <= at ? "done" : ""}`;
    button.addEventListener("click", () => { byId("detail").close(); go(k); });
    item.append(button);
    list.append(item);
  }
  return list;
}

function tellOfNode(k) {
  const node = nodes[k];
  const made = steps.slice(0, at).filter((step) => step.kind === "forward" && step.node === k);
  const received = steps.slice(0, at).filter((step) => step.kind !== "forward" && step.to === k);
  open(node.name, [
    paragraph(node.leaf ? words.given : made.length ? words.made : words.uncomputed), listOf(made),
    paragraph(received.length ? words.received : words.not_yet), listOf(received),
    ...(received.length ? [paragraph(`${node.gradient} ${received.at(-1).rounded ? "≈" : "="} ${received.at(-1).after}`)] : []),
  ]);
}

function tellOfEdge(edge) {
  const backward = steps.filter((step) => step.kind === "backward" && step.edges.includes(edge.id));
  const done = backward.filter((step) => steps.indexOf(step) < at);
  const told = backward.length ? (done.length ? words.crossed : words.not_yet) : words.no_detail;
  open(edge.title, [paragraph(told), listOf(done)]);
}

/** Open a folded box: its own small picture. */
function openFolded(id) {
  const picture = byId(`inside-${id}`);
  const missing = byId("graph").contains(byId(id)) ? words.too_many : words.neighbour;
  open(byId(id).querySelector("text").textContent, [paragraph(picture ? "" : missing)], picture);
}

function open(title, told, picture = null) {
  pause();
  closeInside();
  write(byId("detail-title"), title);
  byId("told").replaceChildren(...told);
  if (!byId("detail").open) byId("detail").showModal();
  if (picture) {
    byId("inside").append(picture);
    scale(picture.firstElementChild, byId("inside").clientWidth, innerHeight * 0.6);
  }
  show(at);
}

/** Put the picture of a folded box back where it is kept. */
function closeInside() {
  byId("folded").append(...byId("inside").childNodes);
}

function tellOf(element) {
  const id = element.dataset.detail;
  const edge = edges.find((edge) => edge.id === id);
  if (edge) tellOfEdge(edge);
  else if (element.classList.contains("folded")) openFolded(id);
  else tellOfNode(nodes.findIndex((node) => node.boxes.includes(id)));
}

byId("close").addEventListener("click", () => byId("detail").close());
byId("detail").addEventListener("close", closeInside);
byId("detail").addEventListener("click", (event) => {
  if (event.target === byId("detail")) byId("detail").close(); // a click beside it
});

// -- setting up ------------------------------------------------------------------------------------

function makeOperable(element, label = null) {
  element.dataset.detail = element.id;
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "0");
  if (label) element.setAttribute("aria-label", label);
  element.addEventListener("click", () => tellOf(element));
}

/** Make a picture as large as fits; where that is too small to read, it is scrolled. */
function scale(svg, roomAcross, roomDown) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const fit = Math.min((roomAcross - 8) / width, (roomDown - 8) / height);
  const factor = fit < LEAST_FIT && !seesAll ? WHEN_SCROLLED : Math.min(GREATEST, fit);
  svg.setAttribute("width", width * factor);
  svg.setAttribute("height", height * factor);
}

for (const svg of document.querySelectorAll("#graph > svg, #folded svg")) {
  svg.setAttribute("role", "group");
}
for (const id of boxes) makeOperable(byId(id));
for (const box of document.querySelectorAll(".graph .folded")) {
  if (!boxes.has(box.id)) makeOperable(box); // of constants only, which no step is about
}
for (const edge of edges) {
  makeOperable(byId(edge.id), edge.title);
  const line = byId(edge.id).querySelector("path"), wide = line.cloneNode();
  wide.classList.add("hit"); // a thin line is hard to click
  line.after(wide);
}
for (const node of nodes) {
  const row = byId("table").querySelector("tbody").insertRow();
  rows.push(row);
  const head = document.createElement("th"), button = document.createElement("button");
  head.scope = "row";
  button.type = "button";
  for (const part of node.name.split(/(?<=\.)/)) button.append(part, document.createElement("wbr"));
  button.addEventListener("click", () => tellOfNode(nodes.indexOf(node)));
  head.append(button);
  row.append(head);
  row.insertCell();
  row.insertCell();
}
byId("scrubber").max = steps.length;
const forward = steps.filter((step) => step.kind === "forward").length / steps.length;
byId("scrubber").style.setProperty("--forward-share", `${100 * forward}%`);
/** Keep the table as wide as it will be when it is full. */
function freezeTable() {
  nodes.forEach((node, k) => {
    write(rows[k].children[1], node.data);
    write(rows[k].children[2], node.widest);
  });
  byId("table").parentElement.style.setProperty("--table", `${byId("table").offsetWidth}px`);
  for (const cell of byId("table").querySelectorAll("thead th")) cell.style.setProperty("width", `${cell.offsetWidth}px`);
}

const fitGraph = () => scale(byId("graph").querySelector("svg"), byId("graph").clientWidth, byId("graph").clientHeight);
addEventListener("resize", fitGraph);
freezeTable();
fitGraph();
show(0);
