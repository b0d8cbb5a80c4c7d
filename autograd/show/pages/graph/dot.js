// Boxes and edges as DOT, and Graphviz's SVG as ours. A picture drawn in Python has the same parts.

const FONT = 'fontname="Helvetica" fontsize="15.5"';
const dotHead = (isCompact) => `digraph graph_ {
graph [pad="${isCompact ? 0.1 : 0.2}" nodesep="0.3" ranksep="${isCompact ? 0.17 : 0.45}" mclimit="0.5" ${FONT}]
node [shape=record style="rounded,filled" margin="${isCompact ? "0.09,0.06" : "0.18,0.06"}" ${FONT}]
edge [arrowsize="0.8" ${FONT}]
`;
const SPAN = 2; // an edge over more ranks may become a reference, a small box with the same title
const MANY_USES = 6, LONG_HAUL = 1500;
const RADIUS = 8; // of the corners of a box
const SVG = "http://www.w3.org/2000/svg";

const quoted = (text) => `"${text.replaceAll('"', '\\"')}"`;
const plain = (text) => text.replaceAll("\\", "\\\\").replaceAll("&", "&amp;").replaceAll("\n", "\\n");
const field = (text) => plain(text).replace(/[{}|<> ]/g, "\\$&");

/** Return DOT; a box has {id, kind, lines, width}, an edge {id, source, target, label, isCut}. */
function writeDot(boxes, edges, direction, isCompact) {
  const statements = boxes.map((box) => `${quoted(box.id)} [${boxAttributes(box, direction)}]`);
  for (const { id, source, target, label, isCut } of edges) {
    const isBetweenFolds = [source, target].every((b) => boxes[b].kind.startsWith("folded"));
    const text = (label ? ` label=${quoted(` ${plain(label)} `)}` : "") + (isCut ? " style=dashed arrowhead=tee" : "")
      + (isBetweenFolds ? " weight=4" : ""); // keeps steps in time on one line
    statements.push(`${quoted(boxes[source].id)} -> ${quoted(boxes[target].id)} [id=${quoted(id)}${text}]`);
  }
  return `${dotHead(isCompact)}graph [rankdir=${direction}]\n${statements.join("\n")}\n}\n`;
}

function boxAttributes({ id, kind, lines, width }, direction) {
  const attributes = `id=${quoted(id)} class=${quoted(kind)} width="${width}"`;
  if (kind === "constant") return `${attributes} shape=plaintext margin="0.05" label=${quoted(plain(lines[0]))}`;
  if (kind === "reference") {
    return `${attributes} shape=box style="rounded,dashed" height="0.3" label=${quoted(plain(lines[0]))}`;
  }
  const fields = lines.map(field).join("|");
  return `${attributes} label=${quoted(["LR", "RL"].includes(direction) ? fields : `{${fields}}`)}`;
}

/** Replace long edges of much-used boxes by references, as pictures do: else a layout takes minutes. */
function shortened(boxes, edges) {
  const rank = boxes.map(() => 0), uses = boxes.map(() => 0), shortest = boxes.map(() => Infinity);
  for (const { source, target } of inOrder(boxes, edges)) rank[target] = Math.max(rank[target], rank[source] + 1);
  const span = ({ source, target }) => rank[target] - rank[source];
  for (const edge of edges) {
    uses[edge.source]++;
    shortest[edge.source] = Math.min(shortest[edge.source], span(edge));
  }
  const isCrowded = edges.reduce((sum, edge) => sum + span(edge), 0) > LONG_HAUL;
  const all = [...boxes], references = new Map();
  const found = edges.map((edge) => {
    const { source, target } = edge;
    const isLong = span(edge) > Math.max(SPAN, shortest[source]);
    if (!isLong || !(isCrowded || uses[source] > MANY_USES)) return edge;
    const ends = `${source}-${target}`;
    if (!references.has(ends)) {
      const title = boxes[source].name || boxes[source].lines[0];
      references.set(ends, all.length);
      all.push({ id: `q${ends}`, kind: "reference", lines: [title], width: boxes[source].nameWidth, of: source });
    }
    return { ...edge, source: references.get(ends) };
  });
  return [all, found];
}

/** Return the edges so that those into a box come before those out of it. */
function inOrder(boxes, edges) {
  const out = boxes.map(() => []), waits = boxes.map(() => 0), found = [];
  for (const edge of edges) {
    out[edge.source].push(edge);
    waits[edge.target]++;
  }
  const ready = boxes.map((_, k) => k).filter((k) => !waits[k]);
  while (ready.length) {
    for (const edge of out[ready.pop()]) {
      found.push(edge);
      if (!--waits[edge.target]) ready.push(edge.target);
    }
  }
  return found;
}

// Graphviz's looks; what users wrote has no such quotes, they are written &quot; there.
const LOOKS = / (?:fill|stroke|stroke-width|font-family|font-size|text-anchor|xml:space)="[^"]*"/g;

/** Return Graphviz's SVG as an element of ours: shapes without looks, texts by what they say. */
function finished(text, boxes) {
  const svg = new DOMParser().parseFromString(text.replace(LOOKS, ""), "image/svg+xml").documentElement;
  const kinds = new Map(boxes.map((box) => [box.id, box]));
  for (const element of svg.querySelectorAll("title")) element.remove();
  for (const anchor of svg.querySelectorAll("a")) anchor.parentElement.replaceWith(...anchor.childNodes);
  svg.querySelector("g.graph > polygon")?.remove(); // the background
  for (const group of svg.querySelectorAll("g.edge")) {
    group.classList.add(group.id.includes("-") ? "bundle" : "data");
  }
  for (const group of svg.querySelectorAll("g.node")) {
    const box = kinds.get(group.id), path = group.querySelector("path, polygon");
    group.setAttribute("class", `node ${box.kind}`);
    if (path) path.replaceWith(outlineOf(path));
    const texts = [...group.querySelectorAll("text")];
    const classes = box.classes ?? [];
    texts.forEach((element, k) => {
      const name = classes[classes.length - texts.length + k] ?? classes[0];
      if (name) element.setAttribute("class", name);
    });
  }
  return document.importNode(svg, true);
}

/** Return the outline of a box, which Graphviz writes as twelve curves, in eight pieces. */
function outlineOf(path) {
  const numbers = (path.getAttribute("d") ?? path.getAttribute("points")).match(/-?[\d.]+/g).map(Number);
  const xs = numbers.filter((_, k) => k % 2 === 0), ys = numbers.filter((_, k) => k % 2);
  const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
  const r = Math.min(RADIUS, (right - left) / 2, (bottom - top) / 2);
  const across = right - left - 2 * r, down = bottom - top - 2 * r, turn = `a${r} ${r} 0 0 1 `;
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", `M${left + r} ${top}h${across}${turn}${r} ${r}v${down}${turn}-${r} ${r}h${-across}${turn}-${r} -${r}v${-down}${turn}${r} -${r}`);
  return shape;
}
