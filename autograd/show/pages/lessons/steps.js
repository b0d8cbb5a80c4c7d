// The steps of both passes at the level on view. Where single nodes are seen each speaks; a closed
// box speaks once: when all in it is computed, and when all gradients in it are complete.

/** Return the steps at a cut: {kind, box, node, to, edges}; `to` and `edges` are backward only. */
function stepsAt(view) {
  const { graph, boxes, edges } = view;
  const order = boxOrder(boxes, edges);
  const computes = (box) => box.nodes.some((k) => graph.nodes[k].parents.length);
  const forward = order.filter((b) => computes(boxes[b]))
    .map((b) => ({ kind: "forward", box: b, node: boxes[b].node, nodes: boxes[b].nodes }));
  const last = view.boxOf[graph.output];
  const seed = { kind: "seed", box: last, node: graph.output, to: last, edges: [] };
  const backward = [...order].reverse().flatMap((b) => handing(view, b));
  return [...forward, seed, ...backward];
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
 * its edges are used.
 */
function momentAfter(view, steps, count) {
  const { graph } = view;
  const reached = Uint8Array.from(graph.nodes, (node) => !node.parents.length);
  const sums = new Map(), used = new Set(), last = new Map(), got = new Uint32Array(graph.nodes.length);
  for (const step of steps.slice(0, count)) {
    if (step.kind === "forward") {
      for (const k of step.nodes) reached[k] = 1;
    } else if (step.kind === "seed") {
      sums.set(graph.output, graph.seed);
    }
    for (const edge of step.kind === "backward" ? step.edges : []) {
      const parent = view.parentOf[edge];
      sums.set(parent, (sums.get(parent) ?? 0) + graph.contributions[edge]);
      used.add(edge);
      last.set(parent, edge);
      got[parent]++;
    }
  }
  const isComplete = (k) => sums.has(k) && got[k] === view.uses[k];
  return { reached, sums, used, last, isComplete };
}
