// The page: its controls, the clock, and what is shown when.

const STEPS_BUDGET = 10, BUDGET_WHEN_DRAWN = 4; // milliseconds of a frame for steps
const EVERY = 6; // frames from a drawing to the next while it plays
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const DECAYS = [0, 0.0001, 0.001, 0.01, 0.1];
const BATCHES = [0, 1, 4, 16, 32, 64]; // 0 stands for all
const SPEEDS = [1, 10, 0]; // steps a frame; 0 for as many as there is time for
const CHOICES = ["model", "optimizer", "rate", "batch", "decay", "speed", "noise"];

const settings = { lr: 0, decay: 0, batch: 0, formula: null };
const trainers = []; // of each model that was chosen, made when it is
let trainer = null;
let layers = [];
let timer = null; // the frame to come, while it plays
let frames = 0;
let isDue = false; // a drawing outside of play
let lastAt = 0, stepsAFrame = 0, pace = 0;
const network = new Network((weight, number) => {
  trainer.weights[weight] = number;
  trainer.trouble = null;
  changed("", "data");
});

// -- choices ---------------------------------------------------------------------------------------

const listed = (numbers, more) => [...new Set([...numbers, ...more])].sort((one, other) => one - other);

function fill(id, options) {
  byId(id).replaceChildren(...options.map(([value, text]) => made("option", { value, text })));
}

/** Add a number to a list of choices if it is not among them. */
function offer(id, number, text = shown(number)) {
  const select = byId(id), value = String(number);
  if ([...select.options].some((option) => option.value === value)) return;
  const next = [...select.options].find((option) => Number(option.value) > number) ?? null;
  select.insertBefore(made("option", { value, text }), next);
}

function fillChoices() {
  fill("model", known.models.map(({ name }, k) => [k, name]));
  byId("model-choice").hidden = known.models.length < 2;
  fill("optimizer", known.optimizers.map(({ name }, k) => [k, name]));
  fill("rate", listed(RATES, known.optimizers.map(({ lr }) => lr)).map((lr) => [lr, shown(lr)]));
  fill("decay", listed(DECAYS, [known.optimizers[0].decay]).map((decay) => [decay, shown(decay)]));
  fill("batch", listed(BATCHES, [known.batch]).map((batch) => [batch, batch ? String(batch) : words.all_rows]));
  fill("speed", SPEEDS.map((speed) => [speed, speed ? filled(speed === 1 ? words.step_a_frame : words.steps_a_frame, { count: speed }) : words.full_speed]));
  byId("batch").value = known.batch;
  byId("speed").value = 1;
  takeOptimizer();
  byId("decay").value = known.optimizers[0].decay;
}

/** Take the rate that suits an optimizer. */
function takeOptimizer() {
  byId("rate").value = known.optimizers[Number(byId("optimizer").value)].lr;
}

/** Bring what is chosen into the settings that trainers read. */
function takeChoices() {
  const which = Number(byId("optimizer").value);
  settings.lr = Number(byId("rate").value);
  settings.decay = Number(byId("decay").value);
  settings.batch = Number(byId("batch").value);
  settings.formula = { ...known.optimizers[which], ...FORMULAS[which] };
}

function takeModel() {
  const k = Number(byId("model").value), model = known.models[k];
  trainers[k] ??= new Trainer(model, MODELS[k], data, settings);
  trainer = trainers[k];
  layers = weightsByLayer(model);
  network.build(model);
  const sizes = network.layers.map((layer) => layer.length).join(" → ");
  write(byId("shape"), filled(words.shape, { sizes, count: model.parameters.length.toLocaleString("en") }));
}

// -- the link --------------------------------------------------------------------------------------

let givenChoices = {}; // of Python
const choices = () => Object.fromEntries(CHOICES.map((id) => [id, byId(id).value]));

/** Write what differs from Python's choices into the page's address. */
function writeLink() {
  const differing = Object.entries(choices()).filter(([id, value]) => value !== givenChoices[id]);
  history.replaceState(null, "", `#${new URLSearchParams(differing)}`);
}

/** Take the choices of the page's address; what is not one stays as it is. */
function readLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  const rate = Number(link.get("rate")), decay = Number(link.get("decay")), batch = Number(link.get("batch"));
  if (rate > 0 && rate <= 1e6) offer("rate", rate);
  if (decay > 0 && decay <= 1e6) offer("decay", decay);
  if (Number.isInteger(batch) && batch > 0 && batch < 1e6) offer("batch", batch);
  for (const id of CHOICES) {
    const element = byId(id), value = link.get(id);
    if (value === null) continue;
    const isOne = element.options ? [...element.options].some((option) => option.value === value) : value >= 0 && value <= 1;
    if (!isOne) continue;
    element.value = value;
    if (id === "optimizer" && !link.has("rate")) takeOptimizer();
  }
}

// -- drawing ---------------------------------------------------------------------------------------

let maps = [];

function drawAll() {
  maps = trainer.activations(grid);
  showData();
  network.show(trainer.weights, maps);
  showNumbers();
}

function showData() {
  const { outputs } = trainer.model;
  const rows = grid.map((_, k) => outputs.map((unit) => maps[unit][k]));
  drawData(rows, { ...data, chosen: hand.chosen, cross: hand.cross });
}

function showNumbers() {
  const trained = trainer.measured(data.order), heldOut = trainer.measured(data.heldOut);
  if (heldOut) trainer.noteHeldOut(heldOut.loss);
  write(byId("loss"), trained ? shown(trained.loss) : words.no_data);
  write(byId("held-out"), heldOut ? shown(heldOut.loss) : words.no_data);
  if (classes.length) write(byId("right"), [[trained, data.order], [heldOut, data.heldOut]].filter(([its]) => its).map(([its, numbers]) => rightShare(its, numbers)).join(" / "));
  drawLosses(trainer);
  showGradients(layers, trainer.gradient);
  const count = filled(words.steps_and_epochs, { steps: trainer.steps.toLocaleString("en"), epochs: trainer.epochs.toLocaleString("en") });
  write(byId("count"), timer && pace ? `${count} · ${filled(words.pace, { count: Math.round(pace).toLocaleString("en") })}` : count);
  Object.assign(document.body.dataset, { steps: trainer.steps, epochs: trainer.epochs, loss: trainer.loss, pace });
}

function rightShare({ outputs }, numbers) {
  const right = outputs.filter((output, k) => classFor(output) === classOf(data.points[numbers[k]])).length;
  return `${Math.round((100 * right) / numbers.length)} %`;
}

/** Draw once more with the next frame. */
function drawSoon() {
  if (isDue || timer) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    if (!timer) drawAll();
  });
}

/** Something has changed: a point ("data"), or only what is seen of it. */
function changed(told, what) {
  if (told) write(byId("told"), told);
  if (what === "data") for (const each of trainers) each?.restartEpoch();
  drawSoon();
}

// -- the clock -------------------------------------------------------------------------------------

/** A frame: steps while there is time; every few frames a part of the picture. */
function frameOf(at) {
  const most = Number(byId("speed").value) || Number.POSITIVE_INFINITY;
  const turn = frames++ % EVERY, isDrawn = turn % 2 === 0;
  const start = performance.now(), budget = isDrawn ? BUDGET_WHEN_DRAWN : STEPS_BUDGET;
  let done = 0;
  while (done < most && performance.now() - start < budget && trainer.step()) done++;
  stepsAFrame += done;
  if (turn === 0) {
    if (lastAt) pace = (1000 * stepsAFrame) / (at - lastAt);
    [lastAt, stepsAFrame] = [at, 0];
    maps = trainer.activations(grid);
    showData();
  } else if (turn === 2) {
    network.show(trainer.weights, maps);
  } else if (turn === 4) {
    showNumbers();
  }
  if (trainer.isReady) timer = requestAnimationFrame(frameOf);
  else pause();
}

function play() {
  if (!trainer.isReady) return;
  [frames, lastAt, stepsAFrame, pace] = [0, 0, 0, 0];
  timer = requestAnimationFrame(frameOf);
  showPlaying(true);
}

function pause() {
  cancelAnimationFrame(timer);
  timer = null;
  showPlaying(false);
  showTrouble();
  drawSoon();
}

function showPlaying(isPlaying) {
  byId("play").classList.toggle("playing", isPlaying);
  for (const name of ["aria-label", "title"]) byId("play").setAttribute(name, isPlaying ? words.pause : words.play);
}

/** Take some steps at once: one, or those that are left of an epoch. */
function take(isEnough) {
  pause();
  do if (!trainer.step()) break;
  while (!isEnough());
  pause();
}

function reset() {
  pause();
  trainer.reset();
  pause();
  write(byId("told"), words.at_start);
}

/** Say which weight is the first that is not finite, and offer a way back. */
function showTrouble() {
  const { trouble, best } = trainer;
  byId("trouble").hidden = !trouble;
  if (!trouble) return;
  const weight = trouble.weight < 0 ? words.no_weight : filled(words.bad_weight, { name: trainer.model.parameters[trouble.weight], number: shown(trouble.number) });
  write(byId("what"), filled(words.went_bad, { step: trainer.steps + 1, loss: shown(trouble.loss), weight }));
  write(byId("go-back"), filled(words.go_back, { step: best.steps, loss: shown(best.loss), rate: shown(settings.lr / 10) }));
}

function goBack() {
  const rate = Number((settings.lr / 10).toPrecision(4));
  offer("rate", rate);
  byId("rate").value = rate;
  trainer.backToBest();
  choose();
  showTrouble();
  byId("play").focus();
}

// -- all together ----------------------------------------------------------------------------------

/** Take what is chosen, and show it. */
function choose() {
  takeChoices();
  noise.size = Number(byId("noise").value);
  writeLink();
  drawSoon();
}

/** Return the weights of now by their names, for a page that shows the graph of a row. */
const namedWeights = () => Object.fromEntries(trainer.model.parameters.map((name, k) => [name, trainer.weights[k]]));

function makeBrushes() {
  byId("open-row").hidden = !globalThis.openRow;
  const found = brushes();
  byId("brushes").hidden = found.length < 2;
  byId("flip").hidden = !classes.length;
  const labels = found.map(({ name }, k) => {
    const input = made("input", { type: "radio", name: "brush", value: k });
    input.checked = k === 0;
    input.addEventListener("change", () => { hand.brush = k; });
    return made("label", {}, input, ...(classes.length ? [markOf(k)] : []), made("span", { text: name }));
  });
  byId("brushes").append(...labels);
  byId("legend").replaceChildren(
    ...(data.heldOut.length ? [made("span", { text: words.filled_points }), made("span", { text: words.hollow_points })] : []),
  );
}

/** Return a small picture of the mark of a class. */
function markOf(k) {
  const svg = document.createElementNS(SVG, "svg"), shape = document.createElementNS(SVG, "polygon");
  svg.setAttribute("viewBox", "-8 -8 16 16");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("points", SHAPES[k].map(([angle, far]) => `${6 * far * Math.cos(angle)},${6 * far * Math.sin(angle)}`).join(" "));
  shape.setAttribute("class", `class${k}`);
  svg.append(shape);
  return svg;
}

function listen() {
  const onClick = { play: () => (timer ? pause() : play()), reset, "go-back": goBack,
    "one-step": () => take(() => true), "one-epoch": () => take(() => trainer.epochDone),
    "give-back": () => { giveBack(); changed(words.given_back, "data"); },
    theme: () => {
      const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
      document.documentElement.dataset.theme = dark ? "light" : "dark";
      readColours();
      drawSoon();
    } };
  for (const [id, does] of Object.entries(onClick)) byId(id).addEventListener("click", does);
  for (const id of CHOICES) byId(id).addEventListener(id === "noise" ? "input" : "change", () => {
    if (id === "optimizer") takeOptimizer();
    choose();
    if (id === "optimizer") for (const each of trainers) each?.forget();
    if (id === "batch") changed("", "data");
    if (id === "noise") { spread(); changed("", "data"); }
    if (id === "model") { takeModel(); pause(); }
  });
  for (const input of document.querySelectorAll("[name=tool]")) {
    input.addEventListener("change", () => { hand.tool = input.value; });
  }
  letTouch(byId("data"), changed);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); drawSoon(); });
  addEventListener("beforeprint", () => { document.documentElement.dataset.theme = "light"; readColours(); drawAll(); });
  const sized = new ResizeObserver(() => { network.place(); drawSoon(); });
  for (const id of ["data", "network", "losses"]) sized.observe(byId(id));
}

readColours();
fillChoices();
givenChoices = choices();
readLink();
takeChoices();
giveBack();
noise.size = Number(byId("noise").value);
spread();
document.body.classList.toggle("no-held-out", !data.heldOut.length);
document.body.classList.toggle("no-classes", !classes.length);
makeBrushes();
takeModel();
listen();
drawAll();
