// Asking for a number first, with the diagnosis of autograd/show/stepping/prediction.py: the same
// verdicts on the same numbers, in the same order.

const ENOUGH = 1e-3; // relative error of a computed answer such as 0.42*0.91
const AT_MOST = 0.05; // relative error of any answer: 1 is not 0.7, though 0.7 rounds to it
const ASKED = { forward: "result", seed: "after", backward: "contribution", total: "after", tangent: "contribution" };

/** Return the key of the word for an answer: right, not a number, or the likeliest mistake. */
function diagnose(kind, numbers, typed) {
  const answer = readAnswer(typed);
  if (answer === null) return "not a prediction";
  const truth = numbers[ASKED[kind]];
  if (isRight(answer, truth)) return "predicted";
  for (const [key, mistaken] of mistakes(kind, numbers)) {
    if (mistaken && Number.isFinite(mistaken) && isRight(answer, mistaken)) return key;
  }
  if (kind === "seed" && truth === 1) return "seed is one";
  const error = Math.abs(answer.number - truth);
  if (answer.halfUnit < Infinity && error <= answer.halfUnit) return "rounded too far";
  const allowed = AT_MOST * Math.abs(truth);
  return error <= allowed && allowed < Infinity ? "nearly" : "mispredicted";
}

function isRight({ number, halfUnit }, truth) {
  if (number === truth || (Number.isNaN(number) && Number.isNaN(truth))) return true;
  const error = Math.abs(number - truth), size = Math.abs(truth);
  if (!Number.isFinite(error)) return false;
  if (halfUnit === null) return error <= ENOUGH * size;
  return error <= halfUnit && error <= AT_MOST * size;
}

/** Return what a wrong answer may be, the likeliest first; zeros say nothing. */
function mistakes(kind, numbers) {
  const { upstream, local, contribution, before, after, result, ...others } = numbers;
  if (kind === "backward") {
    return [
      ["said local", local], ["said upstream", upstream], ["said total", after],
      ["said sign", -contribution], ["added factors", upstream + local],
      ["said gradient before", before],
    ];
  }
  if (kind === "tangent") {
    return [
      ["said local in forward mode", local], ["said tangent of parent", upstream],
      ["said tangent after", after], ["said sign", -contribution],
    ];
  }
  if (kind === "total") {
    return [
      ["said contribution", contribution], ["said gradient before", before],
      ["said sign", -after], ["said difference", before - contribution],
    ];
  }
  if (kind !== "forward") return [];
  const operands = Object.values(others);
  const asTheyAre = operands.map((operand) => ["said operand", operand]);
  return [["said sign", -result], ...asTheyAre, ...otherOperations(operands, result)];
}

function otherOperations(operands, result) {
  if (operands.length !== 2) return operands.length ? [["left out last", result - operands.at(-1)]] : [];
  const [x, y] = operands;
  return [
    ["said sum", x + y], ["said product", x * y], ["said difference", x - y],
    ["said difference", y - x], ["said quotient", x / y], ["said quotient", y / x],
  ];
}

// -- reading an answer ----------------------------------------------------------------------------

/** Return the number that was typed and half a unit of its last figure, null where it was computed. */
function readAnswer(typed) {
  const text = typed.trim().replaceAll("−", "-").replaceAll("×", "*").replace(/^≈/, "");
  if (/^[-+]?nan$/i.test(text)) return { number: Number.NaN, halfUnit: null };
  if (/^[-+]?inf$/i.test(text)) return { number: text.startsWith("-") ? -Infinity : Infinity, halfUnit: null };
  const literal = text.match(/^[-+]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([-+]?\d{1,3}))?$/);
  if (!literal) {
    const number = computed(text);
    return number === null ? null : { number, halfUnit: null };
  }
  const decimals = (literal[1] ?? literal[2]).length;
  const unit = Number(`1e${Number(literal[3] ?? 0) - decimals}`);
  return { number: Number(text), halfUnit: 0.5 * unit * (1 + 1e-9) };
}

const CALLABLE = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "abs"];
const DEEPEST = 50; // parentheses

/** Return what an expression of numbers comes to, null where it is none or not finite. */
function computed(text) {
  const tokens = text.replaceAll("·", "*").replaceAll("²", "**2").replaceAll("³", "**3")
    .match(/\s+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[a-z]\w*|\*\*|[-+*/()]|./gu) ?? [];
  const reader = { tokens: tokens.filter((token) => token.trim()), at: 0, depth: 0 };
  try {
    const number = readSum(reader);
    return reader.at === reader.tokens.length ? finite(number) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function take(reader, ...wanted) {
  const token = reader.tokens[reader.at];
  if (!wanted.includes(token)) return null;
  reader.at += 1;
  return token;
}

function finite(number) {
  if (!Number.isFinite(number)) throw new SyntaxError("not a finite number");
  return number;
}

function readSum(reader) {
  let number = readProduct(reader);
  for (let sign = take(reader, "+", "-"); sign; sign = take(reader, "+", "-")) {
    const term = readProduct(reader);
    number = finite(sign === "+" ? number + term : number - term);
  }
  return number;
}

function readProduct(reader) {
  let number = readSigned(reader);
  for (let sign = take(reader, "*", "/"); sign; sign = take(reader, "*", "/")) {
    const factor = readSigned(reader);
    number = finite(sign === "*" ? number * factor : number / factor);
  }
  return number;
}

function readSigned(reader) {
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw new SyntaxError("nested too deeply");
  const sign = take(reader, "+", "-");
  const number = sign ? readSigned(reader) : readPower(reader);
  reader.depth -= 1;
  return sign === "-" ? -number : number;
}

function readPower(reader) {
  const base = readAtom(reader);
  return take(reader, "**") ? finite(base ** readSigned(reader)) : base;
}

function readAtom(reader) {
  const token = reader.tokens[reader.at] ?? "";
  reader.at += 1;
  if (/^[\d.]/.test(token)) return finite(Number(token));
  if (token === "pi") return Math.PI;
  if (token !== "(" && !(CALLABLE.includes(token) && take(reader, "("))) throw new SyntaxError(token);
  const inside = readSum(reader);
  if (!take(reader, ")")) throw new SyntaxError("a bracket is open");
  return token === "(" ? inside : finite(Math[token](inside));
}
