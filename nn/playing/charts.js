// The loss of all steps, and how large the gradient is in each layer.

/** Draw the losses: of the batches as a line, of the points held out as a dashed one. */
function drawLosses(trainer) {
  const { context, width, height } = opened(byId("losses"));
  const { values, each } = trainer.losses, noted = trainer.heldOut;
  const left = 52, bottom = height - 24, top = 10, right = width - 10;
  context.strokeStyle = colours.quiet;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, top);
  context.lineTo(left, bottom);
  context.lineTo(right, bottom);
  context.stroke();
  const steps = Math.max(1, trainer.steps, values.length * each);
  const most = Math.max(1e-12, ...values, ...noted.map(({ loss }) => (Number.isFinite(loss) ? loss : 0)));
  const x = (step) => left + ((right - left) * step) / steps;
  const y = (loss) => bottom - ((bottom - top) * Math.min(loss, most)) / most;
  const line = (points, colour, dashes) => {
    context.beginPath();
    for (const [step, loss] of points) context.lineTo(x(step), y(loss));
    context.strokeStyle = colour;
    context.setLineDash(dashes);
    context.lineWidth = 3;
    context.stroke();
    context.setLineDash([]);
  };
  line(values.map((loss, k) => [(k + 0.5) * each, loss]), colours.negative, []);
  line(noted.map(({ steps: step, loss }) => [step, loss]), colours.positive, [7, 5]);
  context.fillStyle = colours.ink;
  context.font = LIGHT_TEXT;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillText("0", left - 6, bottom);
  if (values.length) context.fillText(shown(Number(most.toPrecision(2))), left - 6, top + 6);
  context.fillText(filled(words.steps_counted, { count: steps.toLocaleString("en") }), right, bottom + 14);
}

/** Return for each layer with weights its name and their places; those of no unit come last. */
function weightsByLayer(model) {
  const layers = new Map(), met = new Set();
  for (const { layer, sources, bias } of model.units) {
    for (const weight of [...sources.map(([, its]) => its), bias]) {
      if (weight === null || met.has(weight)) continue;
      met.add(weight);
      if (!layers.has(layer)) layers.set(layer, []);
      layers.get(layer).push(weight);
    }
  }
  const found = [...layers].sort(([one], [other]) => one - other).map(([layer, places]) => ({ name: layerName(model, layer), places }));
  const others = model.parameters.map((_, k) => k).filter((k) => !met.has(k));
  return others.length ? [...found, { name: words.other_weights, places: others }] : found;
}

/** Show the norm of the gradient in each layer as a bar and a number. */
function showGradients(layers, gradient) {
  const norms = layers.map(({ places }) => Math.sqrt(places.reduce((sum, k) => sum + gradient[k] ** 2, 0)));
  const most = Math.max(...norms.filter(Number.isFinite), 1e-300), list = byId("gradients");
  if (list.childElementCount !== layers.length) {
    list.replaceChildren(...layers.map(({ name }) => made("li", {},
      made("span", { class: "layer", text: name }), made("span", { class: "bar" }, made("i")), made("span", { class: "norm" }))));
  }
  layers.forEach(({ name }, k) => {
    const [title, bar, norm] = list.children[k].children;
    write(title, name);
    bar.firstChild.style.setProperty("width", `${Number.isFinite(norms[k]) ? (100 * norms[k]) / most : 100}%`);
    write(norm, shown(norms[k], 3));
  });
}
