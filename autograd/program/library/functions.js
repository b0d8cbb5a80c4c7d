// The operations on plain numbers in JavaScript: a function for each row of the table in
// autograd/ops.py that a program does not write out as arithmetic (`**` is called power), and their
// helpers.
//
// A program holds those it needs, pasted one by one. So a declaration begins in the first column and
// ends with a line that is only a brace, or is a const of one line; it calls only functions of this
// file and Math; and what is to be said about it stands inside.
//
// NaN and infinity flow through, and overflow gives infinity. Where Python raises an error, these
// give NaN, and infinity at a pole: power(0, -1), log(0), log1p(-1).

// -- exponentials and roots -----------------------------------------------------------------------

const exp = Math.exp;
const expm1 = Math.expm1;
const log = Math.log;
const log1p = Math.log1p;
const sqrt = Math.sqrt;

function power(x, y) {
  // for JavaScript, unlike IEEE 754, 1 ** NaN and (±1) ** ±Infinity are NaN
  if (x === 1 || (x === -1 && abs(y) === Infinity)) return 1;
  return x ** y;
}

// -- circular and hyperbolic functions, in radians ------------------------------------------------

const sin = Math.sin;
const cos = Math.cos;
const tan = Math.tan;
const asin = Math.asin;
const acos = Math.acos;
const atan = Math.atan;
const sinh = Math.sinh;
const cosh = Math.cosh;
const tanh = Math.tanh;

// -- activations ----------------------------------------------------------------------------------

function sigmoid(x) {
  // 1/(1 + exp(-x)), where exp(-x) does not overflow
  if (x >= 0) return 1 / (1 + exp(-x));
  const growth = exp(x);
  return growth / (1 + growth);
}

function softplus(x) {
  // log(1 + exp(x)), with the larger of the two terms taken out
  return Math.max(x, 0) + log1p(exp(-abs(x)));
}

function relu(x) {
  return Math.max(x, 0);
}

function leaky_relu(x, slope) {
  return x > 0 ? x : slope * x;
}

function elu(x, alpha) {
  return x > 0 ? x : alpha * expm1(x);
}

function gelu(x) {
  // x·Φ(x), with the normal distribution Φ
  return x === -Infinity ? 0 : x * 0.5 * erfc(-x / Math.SQRT2);
}

function silu(x) {
  return x === -Infinity ? 0 : x * sigmoid(x);
}

function erf(x) {
  // 2/√π·exp(-x²)·x·(1 + 2x²/3·(1 + 2x²/5·(1 + 2x²/7·(1 + ···)))), in which nothing cancels
  if (x < -1.2) return erfc(-x) - 1;
  if (x > 1.2) return 1 - erfc(x);
  let series = 1;
  for (let n = 25; n >= 1; n--) series = 1 + ((2 * x * x) / (2 * n + 1)) * series;
  return (2 / sqrt(Math.PI)) * exp(-x * x) * x * series;
}

function erfc(x) {
  // 1 - erf(x), which cancels for large x: there it is Laplace's continued fraction,
  // exp(-x²)/√π/(x + ½/(x + 1/(x + 1½/(x + 2/(x + ···)))))
  if (x <= 1.2) return 1 - erf(x);
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x + n / 2 / fraction;
  return exp(-x * x) / sqrt(Math.PI) / fraction;
}

// -- kinks ----------------------------------------------------------------------------------------

const abs = Math.abs;

function maximum(x, y) {
  if (x > y) return x;
  return x <= y ? y : NaN;
}

function minimum(x, y) {
  if (x < y) return x;
  return x >= y ? y : NaN;
}

// -- many operands --------------------------------------------------------------------------------

function logsumexp(...xs) {
  // log(Σ exp(x)), with the largest operand taken out: nothing overflows
  const largest = Math.max(...xs);
  if (abs(largest) === Infinity) return largest;
  const first = xs.indexOf(largest);
  let others = 0;
  for (let i = 0; i < xs.length; i++) {
    if (i !== first) others += exp(xs[i] - largest);
  }
  return largest + log1p(others);
}

// -- helpers of the derivatives -------------------------------------------------------------------

function heaviside(x) {
  if (x > 0) return 1;
  return x <= 0 ? 0 : NaN;
}

function sign(x) {
  // as Math.sign, but 0 for -0
  return Math.sign(x) + 0;
}

function where_positive(x, a, b) {
  if (x > 0) return a;
  return x <= 0 ? b : NaN;
}

function prefer(x, y) {
  // 1 where x > y, 0 where x < y, and one half for a tie
  if (x > y) return 1;
  if (x < y) return 0;
  return x === y ? 0.5 : NaN;
}

function cross_entropy(chosen, ...xs) {
  // logsumexp(xs) - chosen; as that of the differences, which cancels nothing
  const shift = abs(chosen) === Infinity ? 0 : chosen;
  return logsumexp(...xs.map((x) => x - shift)) - (chosen - shift);
}

function reciprocal(x) {
  // infinite for -0 too
  return x === 0 ? Infinity : 1 / x;
}

function asin_derivative(x) {
  // 1/√(1 - x²), in factors that do not cancel
  return 1 / sqrt((1 - x) * (1 + x));
}

function atan_derivative(x) {
  // 1/(1 + x²), also where x² overflows
  const square = x * x;
  return square < 1e300 ? 1 / (1 + square) : x_atan_derivative(x) / x;
}

function x_atan_derivative(x) {
  // x/(1 + x²), zero at infinity
  return abs(x) <= 1 ? x / (1 + x * x) : 1 / (x + 1 / x);
}

function tanh_derivative(x) {
  // 1/cosh(x)², and cosh does not overflow
  return 4 * sigmoid_derivative(2 * x);
}

function sigmoid_derivative(x) {
  // s·(1 - s) for s = sigmoid(x), in a form that is even and does not cancel
  const decay = exp(-abs(x));
  return decay / ((1 + decay) * (1 + decay));
}

function x_sigmoid_derivative(x) {
  // x·sigmoid'(x), zero at infinity
  const bell = sigmoid_derivative(x);
  return bell === 0 ? 0 : x * bell;
}

function normal_density(x, n) {
  // the n-th derivative of φ(x) = exp(-x²/2)/√2π: φ(x) times a Hermite polynomial, which may be
  // huge where φ is tiny; so each of the two square roots of φ is multiplied with it in turn
  const root = exp((-x * x) / 4);
  if (root === 0) return 0;
  let before = 0;
  let hermite = 1;
  for (let k = 0; k < n; k++) [before, hermite] = [hermite, -x * hermite - k * before];
  return (hermite * root * root) / sqrt(2 * Math.PI);
}

function erf_derivative(x) {
  return (2 / sqrt(Math.PI)) * exp(-x * x);
}

function gelu_derivative(x) {
  // Φ(x) + x·φ(x)
  return erfc(-x / Math.SQRT2) / 2 - normal_density(x, 1);
}

function silu_derivative(x) {
  return sigmoid(x) + x_sigmoid_derivative(x);
}

// -- derivatives of x^y ---------------------------------------------------------------------------

function power_derivative(x, y) {
  // y·x^(y - 1), at x = 0 the limit from above: x + 0 turns -0 into 0
  return times_power(y, x + 0, y - 1);
}

function power_log(x, y, n) {
  // x^y·log(x)ⁿ, the n-th derivative in y
  return power_partial(x, y, 0, n);
}

function power_partial(x, y, k, n) {
  // the k-th derivative in x and n-th in y: x^(y - k) times a sum of powers of log(x)
  if (n > 0 && x < 0) return NaN; // there x^y has no real neighbours
  const weights = log_weights(y, k, n);
  if (x === 0) return power_partial_at_zero(y - k, weights);
  let factor = 0;
  for (let j = 0; j <= n; j++) {
    if (weights[j] !== 0) factor += weights[j] * log(x) ** (n - j);
  }
  return times_power(factor, x, y - k);
}

function log_weights(y, k, n) {
  // of log(x)ⁿ, log(x)ⁿ⁻¹, ..., 1 in power_partial: by Leibniz' rule n!/(n - j)! times the
  // coefficients a of y·(y - 1)···(y - k + 1) as a Taylor series in y
  const a = [1];
  for (let j = 1; j <= n; j++) a[j] = 0;
  for (let i = 0; i < k; i++) {
    for (let j = n; j > 0; j--) a[j] = a[j] * (y - i) + a[j - 1];
    a[0] *= y - i;
  }
  for (let j = 1, choices = n; j <= n; j++, choices *= n - j + 1) a[j] *= choices;
  return a;
}

function power_partial_at_zero(exponent, weights) {
  // the limit at x = 0 from above, where log(x)·x^0 counts as 0
  const n = weights.length - 1;
  if (exponent > 0) return 0;
  if (exponent === 0) return weights[n];
  const j = weights.findIndex((weight) => weight !== 0); // it has most factors of log(0) = -Infinity
  return j < 0 ? 0 : weights[j] * (-1) ** (n - j) * power(0, exponent);
}

function times_power(factor, x, y) {
  // factor·x^y; where x^y alone leaves the floats, its square root is multiplied twice
  const whole = power(x, y);
  if (factor === 0) return 0;
  if (whole !== 0 && abs(whole) !== Infinity) return factor * whole; // also where it is NaN
  const root = power(abs(x), y / 2);
  if (root !== 0 && root !== Infinity) return factor * root * root * power(sign(x), y);
  return whole === 0 ? whole : factor * whole;
}

// -- what a program is given ----------------------------------------------------------------------

function check_lengths(parameters, columns, n_parameters, n_columns) {
  // because JavaScript takes what is missing as undefined, and gives NaN in silence
  if (parameters.length !== n_parameters || columns.length !== n_columns) {
    throw new RangeError(
      `it takes ${n_parameters} parameters and ${n_columns} columns; ` +
        `it was given ${parameters.length} and ${columns.length}`,
    );
  }
  if (columns.some(({ length }) => length !== columns[0].length || length === 0)) {
    throw new RangeError("columns have a row or more, and all as many");
  }
}
