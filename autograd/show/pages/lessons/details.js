// Details: what has happened at a node, along an edge, or to the numbers in a closed box.

const MOST_LISTED = 100;

function paragraph(text) {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
}

/** Return steps as a list of buttons that go to them. */
function listOf(chosen) {
  const list = document.createElement("ol");
  for (const k of chosen.slice(0, MOST_LISTED)) {
    const item = document.createElement("li"), button = document.createElement("button"), step = steps[k];
    button.type = "button";
    button.textContent = step.node !== undefined && !(step.edges?.length > 1) ? oneLineOf(step) : telling.tell(step).title;
    item.className = `${step.kind === "forward" ? "forward" : "backward"} ${k < at ? "done" : ""}`;
    button.addEventListener("click", () => { byId("detail").close(); go(k + 1); });
    item.append(button);
    list.append(item);
  }
  return list;
}

function oneLineOf(step) {
  return filled(telling.saidOf(step)[2], telling.numbersOf(step));
}

function stepsThat(test) {
  return steps.flatMap((step, k) => (test(step) && k < at ? [k] : []));
}

function tellNode(node) {
  const b = view.boxOf[node];
  const made = stepsThat((step) => step.kind === "forward" && step.box === b);
  const received = stepsThat((step) => step.kind !== "forward" && (step.to === b || (step.to === null && step.edges.some((edge) => view.parentOf[edge] === node))));
  const moment = momentAfter(view, steps, at);
  const origin = graph.nodes[node].kind === "leaf" ? words.given : made.length ? words.made : words.uncomputed;
  const sum = received.length ? [paragraph(`${telling.gradientName(node)} = ${gradientText(node, moment)}`.replace("= ≈", "≈ "))] : [];
  openDetail(data.nodes.name[node] || textOf(node).title, [
    ...(graph.state[node] === UNDEFINED ? [paragraph(words.out_of_domain)] : []),
    paragraph(origin), listOf(made), paragraph(received.length ? words.received : words.not_yet), listOf(received), ...sum,
  ]);
}

function tellEdge(edge) {
  const backward = steps.flatMap((step, k) => (step.edges?.some((e) => edge.edges.includes(e)) ? [k] : []));
  const done = backward.filter((k) => k < at);
  const told = backward.length ? (done.length ? words.crossed : words.not_yet) : words.no_detail;
  const singles = edge.isBundle && done.length ? [singleSums(edge.edges)] : [];
  openDetail(view.elements.get(edge.id).getAttribute("aria-label"), [paragraph(told), listOf(done), ...singles]);
}

/** Show how single numbers of a step come about, the largest contributions first. */
function tellNumbers(step) {
  openDetail(telling.tell(step).title, [singleSums(step.edges)]);
}

/** Return the contributions to each number, and their sum, those with the largest first. */
function singleSums(edges) {
  const size = (edge) => Math.abs(graph.contributions[edge]), byReceiver = new Map();
  for (const edge of [...edges].sort((a, b) => size(b) - size(a))) {
    if (data.edges.said[edge] < 0) continue;
    const receiver = view.receiverOf(edge);
    byReceiver.set(receiver, [...(byReceiver.get(receiver) ?? []), edge]);
  }
  const told = document.createDocumentFragment();
  let room = MOST_LISTED;
  for (const [receiver, all] of byReceiver) {
    if (room <= 0) break;
    const list = document.createElement("ol");
    for (const edge of all.slice(0, room)) {
      const item = document.createElement("li");
      item.textContent = telling.oneLine(edge);
      item.className = "backward done";
      list.append(item);
    }
    room -= all.length;
    told.append(list, ...(all.length > 1 ? [paragraph(telling.sumOf(receiver, all))] : []));
  }
  return told;
}

function openDetail(title, told) {
  pause();
  touching.close();
  write(byId("detail-title"), title);
  byId("told").replaceChildren(...told);
  if (!byId("detail").open) byId("detail").showModal();
}

byId("close").addEventListener("click", () => byId("detail").close());
byId("detail").addEventListener("click", (event) => {
  if (event.target === byId("detail")) byId("detail").close(); // a click beside it
});
