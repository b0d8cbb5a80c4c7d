// The lesson: steps through both passes, or forward mode, of a graph that can be opened and touched.

const byId = (id) => document.getElementById(id);
const MOST_CLOSERS = 2; // buttons that close what was opened
const PACE = 1600; // milliseconds a step at speed 1

let data, words, graph, folds, telling, view, steps, touching, predicting; // made by `setUp`
let at = 0; // steps done
let timer = null;

// -- showing ---------------------------------------------------------------------------------------

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Show what there is after k steps; `isMoving` unless only numbers have changed. */
function show(k, isMoving = true) {
  at = Math.max(0, Math.min(steps.length, k));
  const step = at ? steps[at - 1] : null;
  const moment = momentAfter(view, steps, at);
  showBoxes(moment, step);
  showTable(moment, step);
  showStep(step);
  const scrubber = byId("scrubber");
  scrubber.max = steps.length;
  scrubber.value = at;
  const forward = steps.filter((one) => one.kind === "forward").length;
  scrubber.style.setProperty("--forward-share", `${graph.isForwardMode ? 0 : (100 * forward) / steps.length}%`);
  scrubber.setAttribute("aria-valuetext", step ? `${at}: ${byId("title").textContent}` : words.start);
  write(byId("place"), `${at}/${steps.length}`);
  byId("first").disabled = byId("back").disabled = at === 0;
  byId("next").disabled = byId("last").disabled = at === steps.length;
  if (at === steps.length) pause();
  view.say(calloutOf(step));
  if (isMoving) pointTo(step);
  predicting.ask(steps[at]);
  writeLink();
}

function pointTo(step) {
  view.bead((step?.edges ?? []).map((k) => view.edgeOf.get(k)).filter(Boolean));
  if (steps.length) view.reveal(endsOf(step ?? steps[0])); // at the start, what comes first
  view.map(byId("overview"));
}

/** Return what stands beside the box of a step: its last line, where single nodes speak. */
function calloutOf(step) {
  if (!step || step.node === undefined || step.edges?.length > 1) return null;
  const lines = telling.tell(step).lines, box = view.boxes[step.to ?? step.box];
  const text = lines.at(-1).map((cell) => cell.text).join("").replace(/^ [=≈] /, step.edges?.length ? "+= " : "= ");
  return { id: box.id, text, look: step.kind === "forward" ? "data" : "gradient" };
}

/** Return the ids of the boxes that a step is about. */
function endsOf(step) {
  const ends = [step.box, step.to ?? step.box];
  if (step.kind === "forward") for (const { source, target } of view.edges) if (target === step.box) ends.push(source);
  if (step.to === null) for (const edge of step.edges) ends.push(view.boxOf[view.parentOf[edge]]);
  return [...new Set(ends)].map((b) => view.boxes[b].id);
}

function gradientText(k, moment) {
  if (!moment.sums.has(k)) return words.no_grad;
  return alone(moment.isComplete(k) ? telling.gradientOf(k) : telling.sumAfter(moment.last.get(k), moment.sums.get(k)));
}

function showBoxes(moment, step) {
  const looks = looksOf(step);
  view.boxes.forEach((box, b) => {
    const group = view.elements.get(box.id);
    if (!group) return;
    const isAhead = !hasBegun(box, moment);
    dress(group, [looks.boxes.get(b) ?? (isAhead ? "ahead" : ""), ...statesOf(box)]);
    const number = group.querySelector("text.number"), gradient = group.querySelector("text.gradient");
    if (box.node !== undefined) {
      const text = moment.reached[box.node] ? dataText(box.node) : words.no_data;
      write(number, number && `${words.data} ${text}`);
      write(gradient, gradient && `${words.grad} ${gradientText(box.node, moment)}`);
    } else {
      const outputs = view.outputsOf(box), isDone = outputs.every((k) => moment.reached[k]);
      const received = (k) => gradientText(k, moment), sum = (k) => moment.sums.get(k) ?? 0;
      const isHanded = outputs.some((k) => moment.sums.has(k));
      write(number, number && view.measure(box, words.data, isDone ? sizeOf(box, dataText, (k) => graph.data[k]) : words.no_data));
      write(gradient, gradient && view.measure(box, words.grad, isHanded ? sizeOf(box, received, sum) : words.no_grad));
    }
  });
  const strengths = view.strengths();
  for (const edge of view.edges) {
    const group = view.elements.get(edge.id);
    if (!group) continue;
    const isAhead = !hasBegun(view.boxes[edge.target], moment);
    const isUsed = edge.edges.some((k) => moment.used.has(k));
    const flow = isUsed ? `flow${strengths.get(edge)}` : "";
    dress(group, [looks.edges.get(edge) ?? (isAhead ? "ahead" : flow), isUsed || edge.isBundle ? "" : "unused"]);
    if (edge.isBundle) continue;
    const label = view.labelOf(edge.edges[0]), told = isUsed && label ? `: ${label}` : "";
    write(group.querySelector("text"), ` ${label} `);
    if ((group.told ?? "") === told) continue;
    group.told = told;
    group.setAttribute("aria-label", `${view.describeEdge(edge)}${told}`);
  }
}

/** Tell whether something in a box has been computed, or there is nothing to compute. */
function hasBegun(box, moment) {
  const made = box.nodes.filter((k) => graph.nodes[k].parents.length);
  return !made.length || made.some((k) => moment.reached[k]);
}

/** Return the text of the only output of a closed box, of several the norm of their numbers. */
function sizeOf(box, text, number) {
  const outputs = view.outputsOf(box);
  const size = outputs.length === 1 ? number(outputs[0]) : Math.hypot(...outputs.map(number));
  const isShort = view.isCompact && !data.is_exact && Number.isFinite(size) && outputs[0] !== graph.output;
  if (outputs.length === 1 && !isShort) return text(outputs[0]);
  return view.write(size, isShort ? fewDigits(size) : data.digits);
}

function dataText(k) {
  return graph.state[k] === FINE ? alone(telling.dataOf(k)) : words[graph.state[k] === UNDEFINED ? "undefined" : "no_data"];
}

function statesOf(box) {
  const changed = box.nodes.some((k) => graph.isTouched && graph.data[k] !== graph.given.data[k]);
  const undefined_ = box.nodes.some((k) => graph.state[k] === UNDEFINED), unknown = box.nodes.some((k) => graph.state[k] === UNKNOWN);
  return [changed ? "changed" : "", undefined_ ? "undefined" : unknown ? "unknown" : ""];
}

const dressed = new WeakMap(); // what each element has been given

function dress(element, names) {
  const look = names.filter(Boolean).join(" ");
  const before = dressed.get(element) ?? "";
  if (look === before) return;
  if (before) element.classList.remove(...before.split(" "));
  if (look) element.classList.add(...look.split(" "));
  dressed.set(element, look);
}

/** Return the look of each box and edge that a step is about, by the table that Python reads too. */
function looksOf(step) {
  const looks = { boxes: new Map(), edges: new Map() };
  if (!step) return looks;
  const operands = view.edges.filter((edge) => edge.target === step.box);
  const crossed = (step.edges ?? []).map((k) => view.edgeOf.get(k)).filter(Boolean);
  const receivers = step.to === null ? crossed.map((edge) => edge.source) : [step.to];
  const roles = { node: [step.box], giver: [step.box], operands: operands.map((edge) => edge.source), receiver: receivers };
  for (const [role, look] of Object.entries(data.marks[step.kind])) {
    if (role === "edges") for (const edge of step.kind === "forward" ? operands : crossed) looks.edges.set(edge, look);
    else for (const b of roles[role]) if (!isConstant(b)) looks.boxes.set(b, look);
  }
  return looks;
}

const isConstant = (b) => graph.nodes[view.boxes[b].node]?.kind === "constant";

function showStep(step) {
  const told = step ? telling.tell(step) : { phase: "", title: words.start, lines: [], total: words.press };
  byId("step").className = step ? (step.kind === "forward" ? "forward" : "backward") : "";
  write(byId("phase"), told.phase);
  write(byId("title"), told.title);
  byId("lines").replaceChildren(linesOf(told.lines));
  byId("lines").classList.toggle("long", told.lines.some((line) => line.reduce((sum, cell) => sum + cell.text.length, 0) > 60));
  const isTooWide = () => byId("lines").scrollWidth > byId("lines").clientWidth;
  byId("lines").classList.remove("wrapped");
  byId("lines").classList.toggle("wrapped", isTooWide());
  byId("lines").tabIndex = isTooWide() ? 0 : -1; // what is scrolled can be reached
  write(byId("total"), told.total);
  for (const line of told.more ?? []) byId("total").append(moreButton(line, step));
  light(step);
}

/** Return the lines of a step as a table, so that what belongs together stands in one column. */
function linesOf(lines) {
  const table = document.createElement("table"), longest = Math.max(...lines.map((cells) => cells.length));
  for (const cells of lines) {
    const row = table.insertRow();
    for (const { role, text } of cells) {
      const cell = row.insertCell();
      cell.className = role;
      cell.textContent = text;
    }
    if (cells.length < longest) row.lastChild.colSpan = longest - cells.length + 1;
  }
  return table;
}

/** Return a button that shows how a single number is made. */
function moreButton(line, step) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "more";
  button.textContent = words.single;
  button.addEventListener("click", () => tellNumbers(step));
  button.title = line;
  return button;
}

// -- the table -------------------------------------------------------------------------------------

const MOST_ROWS = 400;
let rows = new Map(); // of a node, its row

function fillTable() {
  const shown = view.boxes.filter((box) => box.node !== undefined && graph.nodes[box.node].kind !== "constant")
    .sort((a, b) => a.node - b.node);
  const body = byId("table").querySelector("tbody");
  rows = new Map(shown.slice(0, MOST_ROWS).map((box) => {
    const row = document.createElement("tr"), name = document.createElement("th"), button = document.createElement("button");
    name.scope = "row";
    button.type = "button";
    button.textContent = data.nodes.name[box.node];
    button.addEventListener("click", () => tellNode(box.node));
    name.append(button);
    row.append(name, document.createElement("td"), document.createElement("td"));
    return [box.node, row];
  }));
  body.replaceChildren(...rows.values());
}

function showTable(moment, step) {
  for (const [k, row] of rows) {
    const [, number, gradient] = row.children;
    write(number, moment.reached[k] ? dataText(k) : words.no_data);
    write(gradient, gradientText(k, moment));
    row.className = "";
  }
  const row = rows.get(step?.kind === "forward" ? step.node : view.boxes[step?.to]?.node);
  if (row) row.className = step.kind === "forward" ? "computed" : "receives";
  if (row && !byId("table").hidden) intoView(byId("table"), row);
}

function intoView(frame, element) {
  const outer = frame.getBoundingClientRect(), inner = element.getBoundingClientRect();
  if (inner.top < outer.top + 40 || inner.bottom > outer.bottom) {
    frame.scrollBy({ top: (inner.top + inner.bottom - outer.top - outer.bottom) / 2 });
  }
}

// -- moving ----------------------------------------------------------------------------------------

function play() {
  if (at === steps.length) show(0);
  byId("play").classList.add("playing");
  byId("play").setAttribute("aria-label", words.pause);
  byId("lines").setAttribute("aria-live", "off");
  timer = setInterval(() => show(at + 1), PACE / Number(byId("speed").value));
}

function pause() {
  clearInterval(timer);
  timer = null;
  byId("play").classList.remove("playing");
  byId("play").setAttribute("aria-label", words.play);
  byId("lines").setAttribute("aria-live", "polite");
}

function go(k) {
  pause();
  show(k);
}

/** Show another cut, and keep the place: what was told at the old one is told at the new one. */
function showCut(cut, origin = null) {
  const passed = momentAfter(view, steps, at), hadFocus = view.svg.contains(document.activeElement);
  if (!view.show(cut, origin)) {
    notice(words.no_opening);
    return;
  }
  if (hadFocus) view.svg.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  const isDone = (step) => (step.kind === "forward" ? step.nodes.every((k) => passed.reached[k])
    : step.kind.endsWith("seed") ? passed.sums.size : step.edges.every((edge) => passed.used.has(edge)));
  const next = steps.findIndex((step) => !isDone(step));
  show(next < 0 ? steps.length : next);
}

function notice(text) {
  write(byId("notice"), text);
  byId("notice").classList.toggle("seen", Boolean(text));
}

// -- setting up ------------------------------------------------------------------------------------

function labelOf(edge) {
  const number = data.edges.label[edge];
  if (number < 0) return "";
  const formula = telling.sentence(number, view.childOf[edge]);
  const local = telling.shown(graph.locals[edge], data.exact.edges[edge]?.[0]);
  if (!formula) return `∂ ${alone(local)}`;
  return `∂ ${formula} ${local.isRounded ? "≈" : "="} ${local.text}`;
}

function textOf(k) {
  const { name, title, kind } = data.nodes;
  return { name: name[k], title: typeof title[k] === "number" ? telling.sentence(title[k], k) : title[k], kind: kind[k] };
}

/** Make the page of a lesson, with other numbers in its leaves, [[k, number], ...], to start with. */
function setUp(lesson, start) {
  data = lesson;
  words = data.words;
  graph = graphOf(data);
  if (start.length) graph.set(start);
  graph.giveNow();
  folds = new Folds(data.tree, graph.nodes);
  const cut = new Cut(folds, new Set(data.cut.open), data.cut.row);
  telling = new Telling(data, graph, words);
  view = new PointingView(byId("graph"), graph, folds, cut, {
    words, labelOf, textOf, widths: data.letter_widths, mayBeCompact: true, isCompact: data.cut.compact,
    write: (number, digits) => alone(telling.written(number, digits)),
  });
  telling.view = view;
  touching = new Touching(graph, { telling, changed: touched });
  predicting = new Predicting({ telling, words });
  view.onclick = clicked;
  view.onclose = close;
  view.isOpened = (j) => !data.cut.open.includes(j);
  view.onchange = () => {
    steps = stepsAt(view);
    fillTable();
    showRows();
    showClosers();
    for (const box of view.boxes) {
      const number = view.elements.get(box.id)?.querySelector("text.number");
      if (number && box.node !== undefined && touching.canTouch(box.node)) touching.makeDraggable(number, box.node);
    }
  };
  view.onchange();
  byId("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  const frame = byId("graph");
  new ResizeObserver(() => { view.scale(); view.map(byId("overview")); }).observe(frame);
  frame.addEventListener("scroll", () => view.map(byId("overview")), { passive: true });
  setUpControls();
  show(0);
}

/** Let the row be chosen that an opened pile of calls shows. */
function showRows() {
  const counts = view.cut.row < 0 ? [] : view.cut.choices().map((j) => folds.folds[j].inside.length);
  byId("choosing").hidden = !counts.length;
  if (!counts.length) return;
  byId("row").max = Math.max(...counts);
  byId("row").value = view.cut.row + 1;
  write(byId("rows"), `/ ${byId("row").max}`);
}

/** Offer to close what the reader has opened, the last first. */
function showClosers() {
  const given = new Set(data.cut.open), opened = [...view.cut.open].filter((j) => !given.has(j)).reverse();
  byId("closing").replaceChildren(...opened.slice(0, MOST_CLOSERS).map((j) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.close_fold.replace("{name}", folds.folds[j].title);
    button.addEventListener("click", () => close(j));
    return button;
  }));
}

function close(j) {
  const inside = new Set(folds.nodesIn(-1 - j));
  showCut(view.cut.toggled(j), view.boxes.find((box) => inside.has(box.nodes[0]))?.id);
}

function touched() {
  const isTouched = touching.changes().length > 0;
  byId("undo").hidden = byId("restore").hidden = !isTouched;
  if (isTouched && data.is_exact) notice(words.decimals);
  show(at, false);
  const needsRoom = view.boxes.some((box) => box.node !== undefined && view.isTooNarrow(box, data.digits));
  if (!needsRoom || !view.layout) return;
  view.draw();
  show(at);
}

/** A click opens a closed box and lets a leaf be changed; of what else it tells. */
function clicked({ box, edge }) {
  if (edge) tellEdge(edge);
  else if (box.fold !== undefined) showCut(view.cut.toggled(box.fold), box.id);
  else if (touching.canTouch(box.node)) touching.open(box.node, view.elements.get(box.id));
  else tellNode(box.node);
}
