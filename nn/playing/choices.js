// What can be chosen: the model, the optimizer and its settings; and the link that holds the choices.

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const DECAYS = [0, 0.0001, 0.001, 0.01, 0.1];
const BATCHES = [0, 1, 4, 16, 32, 64]; // 0 stands for all
const SPEEDS = [1, 10, 0]; // steps a frame; 0 for as many as there is time for
const CHOICES = ["model", "optimizer", "rate", "batch", "decay", "speed", "noise"];

const settings = { lr: 0, decay: 0, batch: 0, formula: null };

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

// -- the link --------------------------------------------------------------------------------------

const givenChoices = {}; // of Python
const choices = () => Object.fromEntries(CHOICES.map((id) => [id, byId(id).value]));

/** Write what differs from Python's choices into the page's address. */
function writeLink() {
  const differing = Object.entries(choices()).filter(([id, value]) => value !== givenChoices[id]);
  try {
    history.replaceState(null, "", `#${new URLSearchParams(differing)}`);
  } catch { /* a page within a page may have no address of its own */ }
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
