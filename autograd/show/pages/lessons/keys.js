// Keys, buttons, and the link to what is seen.

const MOVES = {
  ArrowRight: () => go(at + 1),
  ArrowLeft: () => go(at - 1),
  PageDown: () => go(at + 1), // presenters send these
  PageUp: () => go(at - 1),
  Home: () => go(0),
  End: () => go(steps.length),
  " ": () => (timer ? pause() : play()),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()),
  r: () => touching.restore(),
  "?": () => help(),
};

function help() {
  openDetail(words.help, words.all_keys.split("\n").map(paragraph));
}

document.addEventListener("keydown", (event) => {
  const { target } = event, isField = target.matches("select, input");
  if ((event.ctrlKey || event.metaKey) && event.key === "z") touching.undo();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (target.closest(".graph") && withinGraph(event)) return event.preventDefault();
  else if (event.key === "Escape" && touching.isOpen) touching.close();
  else if (isField || byId("detail").open || (target.matches("button") && event.key === " ")) return;
  else if (MOVES[event.key]) MOVES[event.key]();
  else return;
  event.preventDefault();
});

/** Move the focus to the next box in the direction of an arrow, or press the box that has it. */
function withinGraph({ key, target }) {
  const here = target.closest("g.node, g.edge, g.frame");
  if (!here) return false;
  if (key === "Enter" || key === " ") here.act();
  else if (key === "Backspace") closeAround(here);
  else if (key.startsWith("Arrow")) {
    const next = view.nearest(here, key) ?? here;
    view.reach(next);
    next.focus();
  }
  else return false;
  return true;
}

/** Close the innermost open fold around a box. */
function closeAround(element) {
  const box = view.boxes.find(({ id }) => id === element.id);
  const around = box ? folds.lineage(box.nodes[0]).filter((j) => view.cut.open.has(j)) : [];
  if (around.length) close(around.at(-1));
}

function setUpControls() {
  for (const [id, key] of [["first", "Home"], ["back", "ArrowLeft"], ["play", " "], ["next", "ArrowRight"], ["last", "End"]]) {
    byId(id).addEventListener("click", MOVES[key]);
  }
  byId("scrubber").addEventListener("input", (event) => go(Number(event.target.value)));
  byId("speed").addEventListener("change", () => {
    byId("speed").blur();
    if (timer) { pause(); play(); }
  });
  byId("row").addEventListener("change", ({ target }) => {
    const row = Math.max(1, Math.min(Number(target.max), Math.round(Number(target.value)) || 1));
    showCut(view.cut.choosing(row - 1));
  });
  byId("undo").addEventListener("click", () => touching.undo());
  byId("restore").addEventListener("click", () => touching.restore());
  byId("predict").addEventListener("click", () => predicting.toggle());
  byId("help").addEventListener("click", help);
  byId("save").addEventListener("click", saveView);
  for (const [button, panel] of [["show-table", "table"], ["show-code", "code"]]) {
    byId(button).addEventListener("click", () => put(button, panel, byId(panel).hidden));
  }
  if (data.code.lines.length) {
    byId("show-code").hidden = false;
    fillCode();
    put("show-code", "code", true);
  }
  put("show-table", "table", view.leavesRoomFor(340));
}

/** Show a panel beside the graph, or put it away. */
function put(button, panel, isSeen) {
  byId(panel).hidden = !isSeen;
  byId(button).setAttribute("aria-pressed", isSeen);
  view.scale();
}

// What is clicked with the mouse does not keep the focus, so the keys still make steps.
document.addEventListener("click", (event) => {
  if (event.detail) event.target.closest("button, [role=button]")?.blur();
}, { capture: true });

// -- the code that made the graph ------------------------------------------------------------------

function fillCode() {
  byId("code").querySelector("ol").replaceChildren(...data.code.lines.map(({ number, text }) => {
    const item = document.createElement("li");
    item.value = number;
    item.textContent = text || " ";
    return item;
  }));
}

/** Light the line that made the node a step is about. */
function light(step) {
  for (const lit of byId("code").querySelectorAll(".lit")) lit.classList.remove("lit");
  const place = step && data.code.of[step.node ?? view.boxes[step.box].nodes.at(-1)];
  const item = place >= 0 && byId("code").querySelectorAll("li")[place];
  if (!item) return;
  item.classList.add("lit");
  intoView(byId("code"), item);
}

// -- the link --------------------------------------------------------------------------------------

const REST = 250; // milliseconds between two links: browsers stop pages that write more
let linked = 0, linking = null;

/** Write step, opened boxes and changed leaves into the address, soon: a link is a lesson. */
function writeLink() {
  clearTimeout(linking);
  linking = setTimeout(writeLinkNow, Math.max(0, linked + REST - performance.now()));
}

function writeLinkNow() {
  linked = performance.now();
  const parts = new URLSearchParams({ graph: data.fingerprint });
  if (at) parts.set("step", at);
  const given = new Set(data.cut.open), { open, row } = view.cut;
  if (open.size !== given.size || [...open].some((j) => !given.has(j))) parts.set("open", [...open].join(" "));
  if (row !== data.cut.row) parts.set("row", row);
  const changes = touching.changes();
  if (changes.length) parts.set("set", changes.map(([k, number]) => `${k}:${number}`).join(" "));
  const isPlain = [...parts.keys()].length === 1;
  try {
    history.replaceState(null, "", isPlain ? location.pathname + location.search : `#${parts}`);
  } catch { /* a page within a page may have no address of its own */ }
}

/** Return pairs of a leaf and its number, of a text such as "3:0.5 7:-1". */
const numbersIn = (text) => text.split(" ").filter(Boolean).map((pair) => pair.split(":").map(Number));

/** Show what the address asks for, if it was made of this graph. */
function readLink(fragment) {
  const parts = new URLSearchParams(fragment.slice(1));
  if (!parts.has("graph")) return;
  if (parts.get("graph") !== data.fingerprint) {
    notice(words.other_link);
    return;
  }
  for (const [k, number] of numbersIn(parts.get("set") ?? "")) if (graph.nodes[k]?.kind === "leaf") touching.set(k, number);
  const isFold = (j) => j >= 0 && j < folds.folds.length;
  const open = parts.has("open") ? parts.get("open").split(" ").filter(Boolean).map(Number).filter(isFold) : data.cut.open;
  if (parts.has("open") || parts.has("row")) showCut(new Cut(folds, new Set(open), Number(parts.get("row") ?? data.cut.row) || 0));
  go(Number(parts.get("step")) || 0);
}

// -- saving ----------------------------------------------------------------------------------------

/** Save the view as an SVG file, with the looks that the page gives it. */
function saveView() {
  const copy = view.svg.cloneNode(true);
  const originals = [view.svg, ...view.svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, k) => {
    const look = getComputedStyle(originals[k]);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity", "visibility"]) {
      element.setAttribute(name, look.getPropertyValue(name));
    }
    for (const name of ["tabindex", "role", "class"]) element.removeAttribute(name);
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  link.download = "graph.svg";
  link.click();
  URL.revokeObjectURL(link.href);
}

// -- at the start ----------------------------------------------------------------------------------

(async () => {
  const asked = location.hash;
  setUp(await unpackedData(byId("lesson").textContent), numbersIn(byId("start").textContent));
  addEventListener("hashchange", () => readLink(location.hash));
  try {
    view.layout = await makeLayout(await unpacked(byId("graphviz").textContent));
    if (view.direction !== "LR" || graph.isTouched) view.draw(); // an upright phone; other numbers
  } catch {
    // Without WebAssembly the first layout stays, and `showCut` says so.
  }
  show(at);
  readLink(asked);
  document.documentElement.dataset.ready = "";
})();
