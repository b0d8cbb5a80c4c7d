// The page: its controls, the clock, and what is shown when.

const STEPS_BUDGET = 10, BUDGET_WHEN_DRAWN = 4; // milliseconds of a frame for steps
const EVERY = 6; // frames from a drawing to the next while it plays

const trainers = []; // of each model that was chosen, made when it is
let trainer = null;
let layers = [];
let timer = null; // the frame to come, while it plays
let frames = 0;
let isDue = false; // a drawing outside of play
let lastAt = 0, stepsAFrame = 0, pace = 0;
const network = new Network((weight, number) => {
  trainer.setWeight(weight, number);
  changed("", "data");
});

function takeModel() {
  const k = Number(byId("model").value), model = known.models[k];
  trainers[k] ??= new Trainer(model, MODELS[k], data, settings);
  trainer = trainers[k];
  layers = weightsByLayer(model);
  network.build(model);
  const sizes = network.layers.map((layer) => layer.length).join(" → ");
  write(byId("shape"), filled(words.model_shape, { sizes, count: model.parameters.length.toLocaleString("en") }));
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
  write(byId("count"), count);
  write(byId("pace"), timer && pace ? filled(words.pace, { count: Math.round(pace).toLocaleString("en") }) : "");
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

/** Say which weight is the first that is not finite, and offer two ways back, where they differ. */
function showTrouble() {
  const { trouble, good, best } = trainer;
  byId("trouble").hidden = !trouble;
  if (!trouble) return;
  const name = trainer.model.parameters[trouble.weight];
  const weight = filled({ gradient: words.bad_gradient, weight: words.bad_weight }[trouble.bad] ?? words.large_weight, { name, number: shown(trouble.number) });
  write(byId("what"), filled(words.went_bad, { step: trainer.steps + 1, loss: shown(trouble.loss), weight }));
  const wayTo = (text, { steps, loss }) => filled(text, { step: steps.toLocaleString("en"), loss: shown(loss), rate: shown(settings.lr / 10) });
  write(byId("go-back"), wayTo(words.go_back, good));
  write(byId("go-to-best"), wayTo(words.go_to_best, best));
  byId("go-to-best").hidden = best === good;
}

function goBack(moment) {
  const rate = Number((settings.lr / 10).toPrecision(4));
  offer("rate", rate);
  byId("rate").value = rate;
  trainer.backTo(moment);
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

function makeBrushes() {
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

let themeOnScreen; // undefined where it is the system's

/** Draw all for paper, in light colours, or for the screen again. */
function forPaper(isPaper) {
  const { dataset } = document.documentElement;
  if (isPaper) [themeOnScreen, dataset.theme] = [dataset.theme, "light"];
  else if (themeOnScreen) dataset.theme = themeOnScreen;
  else delete dataset.theme;
  document.body.classList.toggle("printed", isPaper);
  readColours();
  network.place();
  drawAll();
}

function listen() {
  const onClick = { play: () => (timer ? pause() : play()), reset,
    "go-back": () => goBack(trainer.good), "go-to-best": () => goBack(trainer.best),
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
  addEventListener("hashchange", () => {
    for (const [id, value] of Object.entries(givenChoices)) byId(id).value = value;
    readLink();
    choose();
    spread();
    takeModel();
    pause();
    changed("", "data");
  });
  addEventListener("beforeprint", () => forPaper(true));
  addEventListener("afterprint", () => forPaper(false));
  const sized = new ResizeObserver(() => { network.place(); drawSoon(); });
  for (const id of ["data", "network", "losses"]) sized.observe(byId(id));
}

readColours();
fillChoices();
Object.assign(givenChoices, choices());
readLink();
takeChoices();
giveBack();
noise.size = Number(byId("noise").value);
spread();
document.body.classList.toggle("no-held-out", !data.heldOut.length);
document.body.classList.toggle("no-classes", !classes.length);
makeBrushes();
letRowsOpen();
takeModel();
listen();
drawAll();
