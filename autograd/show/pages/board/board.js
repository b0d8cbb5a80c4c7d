// A host calls board(state). The board's own page loads the file named in data-source again and
// again, which makes that call: no server is needed. All is in one element; keys work only there.

const POLL = 60; // milliseconds
const MORE_A_NODE = 0.05; // a large graph takes long to read, so it is read less often
const MOST_CLOSERS = 3; // buttons that close folds around a box

const root = document.getElementById("board");
const byId = (id) => root.querySelector(`#${id}`); // a page around it may have a graph of its own
let words, view, looking; // made by `setUp`
let waiting = null, isReady = false; // the state to be shown, once the layout engine is there or has failed
let state = null, sent = null; // what is on the board, and its graph; {} if there is nothing to draw
let marks = { data: new Set(), grad: new Set() }; // keys of nodes that changed
let pins = []; // keys of the nodes that the reader wants to see alone, with what they are made of
let selected = null; // the key of a box
let whole = null; // the cut that nobody has chosen, of the graph it was made for
const choices = new Choices();

globalThis.board = (next) => {
  waiting = next;
  if (isReady && next.version !== state?.version) showState();
};

function showState() {
  state = waiting;
  if (state.graph !== null) { // else the last picture stays, with its marks
    sent = state.graph;
    marks = { data: keysAt(state.changed.data), grad: keysAt(state.changed.grad) };
  }
  const isDrawn = state.graph === null || drawGraph();
  write(byId("caption"), state.caption);
  write(byId("note"), isDrawn || !sent?.nodes ? state.note : words.no_layout.replace("{reason}", view.whyNot));
  write(byId("error"), state.error);
  byId("caption").hidden = !state.caption;
  byId("error").hidden = !state.error;
  root.dataset.version = state.version;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// -- the picture -----------------------------------------------------------------------------------

/** Draw what was sent, or the part of it that is pinned; return whether that can be done. */
function drawGraph() {
  byId("graph").hidden = !sent?.nodes;
  if (!sent?.nodes || !view.layout) return false;
  pins = pins.filter((key) => sent.nodes.key.includes(key));
  const shown = pins.length ? partOf(sent, nodesBelow(sent, pins)) : sent;
  const text = JSON.stringify(shown) + view.direction;
  if (text !== view.drawn) {
    const graph = new SentGraph(shown), focused = document.activeElement;
    const key = view.frame.contains(focused) && focused.id ? view.graph.keyOf(focused.id) : null;
    try {
      view.become(graph, choices.applied(startingCut(graph, shown), graph.keysOfFolds));
    } catch (error) {
      view.whyNot = `${error.message ?? error}`;
      return false;
    }
    view.drawn = text;
    if (key) view.elements.get(graph.ids.get(key))?.focus();
  }
  dress();
  revealChanges();
  return true;
}

/** Return the cut that was asked for, or the finest that fits; it stays until the graph has another shape. */
function startingCut(graph, { nodes, tree, cut: asked }) {
  if (asked) return new Cut(graph.folds, new Set(asked.open), asked.row);
  const shape = JSON.stringify([tree, nodes.parents, view.direction]);
  if (whole?.shape !== shape) {
    const before = [view.graph, view.folds, view.cut], { clientWidth, clientHeight } = view.frame;
    view.use(graph, graph.folds, view.cut);
    const cut = finestCut(graph.folds, tree, (one) => {
      const [width, height] = view.sizeAt(one);
      return width <= clientWidth && height <= clientHeight;
    });
    view.use(...before);
    whole = { shape, open: cut.open, row: cut.row };
  }
  return new Cut(graph.folds, whole.open, whole.row);
}

/** Return the keys of nodes as they were sent. */
const keysAt = (places) => new Set(places.map((k) => sent.nodes.key[k]));

/** Mark what changed, what is of an earlier pass, and how large gradients are. */
function dress() {
  const { texts, stale } = view.graph;
  for (const box of view.boxes) {
    const group = view.elements.get(box.id), has = (keys) => box.nodes.some((k) => texts.kind[k] !== "constant" && keys.has(texts.key[k]));
    if (!group) continue;
    const isNew = has(marks.data);
    group.classList.toggle("changed", isNew);
    group.classList.toggle("graded", !isNew && has(marks.grad));
    group.classList.toggle("selected", view.graph.keyOf(box.id) === selected);
    group.querySelector("text.gradient")?.classList.toggle("stale", view.outputsOf(box).some((k) => stale.has(k)));
  }
  for (const [edge, strength] of view.strengths()) {
    const group = view.elements.get(edge.id);
    if (strength) group?.classList.add(`flow${strength}`);
    group?.setAttribute("role", "img"); // there is nothing to press
  }
  showMenu();
}

function revealChanges() {
  if (view.zoom !== null) return; // somebody has chosen where to look
  const boxes = view.boxes.filter((box) => box.nodes.some((k) => marks.data.has(view.graph.texts.key[k])));
  view.reveal(boxes.slice(-1).map((box) => box.id));
}

// -- opening, closing, pinning ---------------------------------------------------------------------

function showCut(cut, origin) {
  const hadFocus = view.svg.contains(document.activeElement);
  choices.learn(view.cut, cut, view.graph.keysOfFolds);
  view.show(cut, origin);
  if (hadFocus) view.svg.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  dress();
}

/** Close the fold j, and keep the row that is seen. */
function close(j) {
  const inside = new Set(view.folds.nodesIn(-1 - j)), origin = view.boxes.find((box) => inside.has(box.nodes[0]));
  showCut(new Cut(view.folds, [...view.cut.open].filter((open) => open !== j), view.cut.row), origin.id);
  select(`f ${view.graph.keysOfFolds[j]}`);
}

function pin(keys) {
  pins = keys;
  selected = null;
  drawGraph();
  if (!pins.length) byId("graph").focus();
}

/** Return the keys of the nodes that are pinned with a box: what leaves it. */
const pinsOf = (box) => view.outputsOf(box).map((k) => view.graph.texts.key[k]);

/** A click opens a closed box and selects another; with Shift it pins it. */
function clicked({ box, event }) {
  if (!box) return;
  if (event?.shiftKey) pin(pinsOf(box));
  else if (box.fold !== undefined) showCut(view.cut.toggled(box.fold), box.id);
  else select(view.graph.keyOf(box.id));
}

function select(key) {
  selected = selected === key ? null : key;
  dress();
}

const selectedBox = () => view.boxes.find((box) => view.graph.keyOf(box.id) === selected);
const nameOf = (box) => (box.fold === undefined ? view.textOf(box.node).name || view.textOf(box.node).title : view.titleOf(box));

/** Return the folds around a box that can be closed, the innermost first. */
function closable(box) {
  const around = view.folds.lineage(box.nodes[0]).filter((j) => view.cut.open.has(j));
  return around.reverse().slice(0, MOST_CLOSERS);
}

/** Show what can be done with the selected box, the next row of an opened pile, and how to see all again. */
function showMenu() {
  const box = selectedBox(), entries = pins.length ? [[words.everything, () => pin([])]] : [];
  const piles = view.cut.row < 0 ? [] : view.cut.choices().map((j) => view.folds.folds[j].inside.length);
  if (piles.length) {
    const count = Math.max(...piles), next = (view.cut.row + 1) % count;
    entries.push([words.show_row.replace("{row}", next + 1).replace("{count}", count), () => showCut(view.cut.choosing(next), null)]);
  }
  if (box) {
    entries.push([words.only.replace("{name}", nameOf(box)), () => pin(pinsOf(box))]);
    for (const j of closable(box)) entries.push([words.close_fold.replace("{name}", view.folds.folds[j].name), () => close(j)]);
  }
  const said = entries.map(([text]) => text).join("\n");
  if (byId("chosen").dataset.said === said && !box) return;
  byId("chosen").dataset.said = said;
  byId("chosen").replaceChildren(...entries.map(([text, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }));
}

// -- keys and buttons ------------------------------------------------------------------------------

const KEYS = {
  "+": () => looking.zoom(ZOOM), "=": () => looking.zoom(ZOOM), "-": () => looking.zoom(1 / ZOOM), 0: () => looking.fit(),
  ArrowLeft: () => looking.move(-STEP, 0), ArrowRight: () => looking.move(STEP, 0),
  ArrowUp: () => looking.move(0, -STEP), ArrowDown: () => looking.move(0, STEP),
  Escape: () => (selected ? select(selected) : pin([])),
};

/** Return what a key does to the box, or name of a frame, that has the focus, if it does anything. */
function actOn(element, key) {
  const box = view.boxes.find(({ id }) => id === element.id);
  if (key.startsWith("Arrow")) return () => view.nearest(element, key)?.focus();
  if (key === "Enter" || key === " ") return () => element.act();
  if (!box) return null;
  return { Backspace: () => closable(box).slice(0, 1).forEach(close), p: () => pin(pinsOf(box)) }[key];
}

root.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !view) return;
  const box = event.target.closest("g.node, g.frame"), isGraph = event.target === byId("graph");
  const enter = isGraph && event.key === "Enter" ? () => view.elements.get(view.boxes[0]?.id)?.focus() : null;
  const act = (box && actOn(box, event.key)) ?? enter ?? KEYS[event.key];
  if (!act) return;
  act();
  event.preventDefault();
});
// What is clicked with the mouse does not keep the focus: Space would press it again.
root.addEventListener("click", (event) => {
  if (event.detail && event.target.closest("button, [role=button]")) root.focus();
});
byId("smaller").addEventListener("click", KEYS["-"]);
byId("larger").addEventListener("click", KEYS["+"]);
byId("fit").addEventListener("click", KEYS[0]);
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});

// -- at the start ----------------------------------------------------------------------------------

function setUp({ letter_widths: widths, direction, locals }) {
  const nothing = new SentGraph({
    nodes: { key: [], parents: [], stale: [], number: [], gradient: [] },
    tree: { top: [], name: [], inside: [], key: [] },
  });
  view = new BoardView(byId("graph"), nothing, nothing.folds, new Cut(nothing.folds), {
    words, widths, direction, locals, write: (number) => alone(written(number, 4)),
    textOf: (k) => { const { name, title, kind } = view.graph.texts; return { name: name[k], title: title[k], kind: kind[k] }; },
    labelOf: (edge) => { const k = view.childOf[edge]; return view.graph.texts.locals[k][edge - view.graph.first[k]] ?? ""; },
  });
  view.onclick = clicked;
  view.onclose = close;
  view.isOpened = (j) => choices.isOpen.get(view.graph.keysOfFolds[j]) === true;
  looking = new Looking(view);
  new ResizeObserver(() => {
    view.scale();
    if (sent) drawGraph(); // upright pictures run from the top
  }).observe(byId("graph"));
}

function poll() {
  const script = document.createElement("script");
  script.src = `${root.dataset.source}?${Date.now()}`;
  script.onload = script.onerror = () => {
    script.remove();
    setTimeout(poll, POLL + MORE_A_NODE * (sent?.nodes?.key.length ?? 0));
  };
  document.head.append(script);
}

(async () => {
  const settings = await unpackedData(byId("settings").textContent);
  words = settings.words;
  setUp(settings);
  waiting ??= settings.state;
  try {
    const program = byId("graphviz").textContent;
    if (!program) throw new Error(words.no_graphviz);
    view.layout = await makeLayout(await unpacked(program));
  } catch (error) {
    view.whyNot = `${error.message ?? error}`;
  }
  isReady = true;
  if (waiting) showState();
})();
if (root.dataset.source) {
  root.focus(); // alone on its page, it takes the keys at once
  // Chromium may read half of a file that is replaced at that moment; the next reading has all of it.
  addEventListener("error", (event) => { if (!event.filename) event.preventDefault(); });
  poll();
}
