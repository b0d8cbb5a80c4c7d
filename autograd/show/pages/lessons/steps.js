// The steps of both passes, or of forward mode, at the level on view. Where single nodes are seen each speaks; a closed
// box speaks once: when all in it is computed, and when all gradients in it are complete.

/** Return the steps at a cut: {kind, box, node, to, edges}; `to` and `edges` are of contributions. */
function stepsAt(view) {
  const { graph, boxes, edges } = view;
  const order = boxOrder(boxes, edges);
  if (graph.isForwardMode) return order.flatMap((b) => [...computing(view, b), ...moving(view, b)]);
  const forward = order.flatMap((b) => computing(view, b));
  const last = view.boxOf[graph.output];
  const seed = { kind: "seed", box: last, node: graph.output, to: last, edges: [] };
  const backward = [...order].reverse().flatMap((b) => handing(view, b));
  return [...forward, seed, ...backward];
}

/** Return the step in which a box is computed, if there is something to compute. */
function computing({ graph, boxes }, b) {
  const { node, nodes } = boxes[b];
  const computes = nodes.some((k) => graph.nodes[k].parents.length);
  return computes ? [{ kind: "forward", box: b, node, nodes }] : [];
}

/** Return the steps in which the tangent of a box comes about: its seed, and one for each giver. */
function moving({ graph, boxes, boxOf }, b) {
  const box = boxes[b], byGiver = new Map();
  const seeds = boxOf[graph.wrt] === b ? [{ kind: "tangent seed", box: b, node: graph.wrt, to: b, edges: [] }] : [];
  for (const k of box.nodes) {
    graph.nodes[k].parents.forEach((parent, position) => {
      if (!graph.moves[parent] || k === graph.wrt) return;
      const edge = graph.first[k] + position, from = boxOf[parent];
      const key = box.fold !== undefined ? "inside" : boxes[from].fold === undefined ? edge : `f${from}`;
      const giver = box.fold === undefined ? { box: from, node: k } : { box: b, nodes: box.nodes };
      if (!byGiver.has(key)) byGiver.set(key, { kind: "tangent", ...giver, to: b, edges: [] });
      byGiver.get(key).edges.push(edge);
    });
  }
  return [...seeds, ...byGiver.values()];
}

/** Return the boxes so that those which hand something come first; else in the order of the graph. */
function boxOrder(boxes, edges) {
  const last = boxes.map((box) => box.nodes.at(-1));
  const out = boxes.map(() => []), waits = boxes.map(() => 0), found = [];
  for (const { source, target } of edges) {
    out[source].push(target);
    waits[target]++;
  }
  const ready = boxes.map((_, b) => b).filter((b) => !waits[b]);
  while (ready.length) {
    ready.sort((a, b) => last[b] - last[a]); // the earliest at the end
    const b = ready.pop();
    found.push(b);
    for (const target of out[b]) if (!--waits[target]) ready.push(target);
  }
  return found;
}

/** Return the backward steps of a box: one for each parent of a node, one in all for a fold. */
function handing({ graph, boxes, boxOf }, b) {
  const box = boxes[b], crossed = [];
  for (const k of [...box.nodes].reverse()) {
    graph.nodes[k].parents.forEach((parent, position) => {
      if (graph.nodes[parent].kind !== "constant") crossed.push([graph.first[k] + position, k, parent]);
    });
  }
  if (!crossed.length) return [];
  if (box.fold !== undefined) {
    const edges = crossed.map(([edge]) => edge);
    return [{ kind: "backward", box: b, to: null, edges, nodes: box.nodes }];
  }
  const byReceiver = new Map(); // all that goes into one closed box is one step
  for (const [edge, k, parent] of crossed) {
    const to = boxOf[parent], key = boxes[to].fold === undefined ? `${edge}` : `f${to}`;
    if (!byReceiver.has(key)) byReceiver.set(key, { kind: "backward", box: b, node: k, to, edges: [] });
    byReceiver.get(key).edges.push(edge);
  }
  return [...byReceiver.values()];
}

/** Return what there is after some steps: which nodes have data, the gradients so far, the edges used.
 *
 * `last` has the edge by which a node got its latest contribution; its gradient `isComplete` when all
 * its edges are used. In forward mode all this is of tangents.
 */
function momentAfter(view, steps, count) {
  const { graph } = view;
  const reached = Uint8Array.from(graph.nodes, (node) => !node.parents.length);
  const sums = new Map(), used = new Set(), last = new Map(), got = new Uint32Array(graph.nodes.length);
  for (const step of steps.slice(0, count)) {
    if (step.kind === "forward") {
      for (const k of step.nodes) reached[k] = 1;
    } else if (step.kind.endsWith("seed")) {
      sums.set(step.node, graph.seed);
    }
    for (const edge of step.edges ?? []) {
      const receiver = view.receiverOf(edge);
      sums.set(receiver, (sums.get(receiver) ?? 0) + graph.contributions[edge]);
      used.add(edge);
      last.set(receiver, edge);
      got[receiver]++;
    }
  }
  const due = (k) => (graph.isForwardMode ? graph.nodes[k].parents.filter((parent) => graph.moves[parent]).length : view.uses[k]);
  const isComplete = (k) => sums.has(k) && got[k] === due(k);
  return { reached, sums, used, last, isComplete };
}
