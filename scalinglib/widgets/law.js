// The laws of scalinglib.laws, formula by formula; their constants always come from Python. Losses in nats, C = 6 N D.

// ---- Hoffmann et al. 2022: L = E + A / N^alpha + B / D^beta --------------------------------

export const loss = (law, N, D) => law.E + law.A / N ** law.alpha + law.B / D ** law.beta;

export function optimum(law, C) {
  const { A, B, alpha, beta } = law;
  const N = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * (C / 6) ** (beta / (alpha + beta));
  const D = C / (6 * N);
  return { N, D, C, loss: loss(law, N, D) };
}

// On the frontier both terms fall equally fast, alpha A / N^alpha = beta B / D^beta: no search needed.
export function leastCompute(law, target) {
  const { E, A, B, alpha, beta } = law;
  const N = ((A * (1 + alpha / beta)) / Math.max(target - E, 0)) ** (1 / alpha);
  return 6 * N * ((beta * B) / (alpha * A)) ** (1 / beta) * N ** (alpha / beta);
}

// Extra compute of the run (N, D) over the best run of the same loss: 0.2 is 20 % more.
export const overhead = (law, N, D) => (6 * N * D) / leastCompute(law, loss(law, N, D)) - 1;

// Extra compute of a model `ratio` times the best size for the loss of the best run: the same at every budget (de Vries 2023).
export function priceOfSize({ alpha, beta }, ratio) {
  const left = 1 + (beta / alpha) * (1 - ratio ** -alpha); // of the data term, as a share of what the best run has
  return left > 0 ? ratio * left ** (-1 / beta) - 1 : Infinity;
}

// Points [N, D] of equal loss, from the wall where D is endless to the wall where N is.
export function contour(law, level, points = 72) {
  const gap = level - law.E;
  return Array.from({ length: points + 1 }, (_, i) => {
    const share = 1 / (1 + Math.exp(9 - (18 * i) / points));
    return [
      (law.A / ((1 - share) * gap)) ** (1 / law.alpha),
      (law.B / (share * gap)) ** (1 / law.beta),
    ];
  });
}

// ---- others -------------------------------------------------------------------------------

// L = floor + (scale / x)^exponent
export const powerLoss = (law, x) => law.floor + (law.scale / x) ** law.exponent;

// Caballero et al. 2022, one break: the exponent turns into exponent + change at about x = at
export const brokenLoss = ({ floor, scale, exponent, at, change, width }, x) =>
  floor + (scale / x) ** exponent * (1 + (x / at) ** (1 / width)) ** (-change * width);

// Kaplan et al. 2020, eq. 1.5
export const kaplanLoss = ({ N_c, D_c, alpha_N, alpha_D }, N, D) =>
  ((N_c / N) ** (alpha_N / alpha_D) + D_c / D) ** alpha_D;

// A sum of powers under an outer exponent: E + ((A / N^alpha)^(1/gamma) + (B / D^beta)^(1/gamma))^gamma
export function powerSumLoss({ A, B, alpha, beta, gamma, E }, N, D) {
  const [u, v] = [Math.log(A) - alpha * Math.log(N), Math.log(B) - beta * Math.log(D)];
  return E + Math.exp(Math.max(u, v) + gamma * Math.log1p(Math.exp(-Math.abs(u - v) / gamma))); // no power overflows
}

// ---- a parabola through points --------------------------------------------------------------

const sum = values => values.reduce((a, b) => a + b, 0);
const dot = (a, b) => sum(a.map((v, i) => v * b[i]));

// Least squares y = a + b u + c u^2 with u = x - mean(x); orthogonal polynomials keep it accurate.
export function parabola(x, y) {
  const n = x.length;
  const centre = sum(x) / n;
  const u = x.map(v => v - centre);
  const s2 = dot(u, u);
  const skew = sum(u.map(v => v ** 3)) / s2;
  const q = u.map(v => v * v - skew * v - s2 / n);
  const c = dot(q, y) / dot(q, q);
  const b = dot(u, y) / s2 - c * skew;
  const a = sum(y) / n - (c * s2) / n;
  return {
    at: v => a + (v - centre) * (b + c * (v - centre)),
    vertex: centre - b / (2 * c),
    curvature: c,
  };
}

// ---- a lifetime: Sardana et al. 2023, the bill 6 N D + 2 N S for training and for S tokens served -----------

// Tokens that size N needs to reach a loss; Infinity where no data suffice.
export function dataFor({ E, A, B, alpha, beta }, N, target) {
  const left = target - E - A / N ** alpha;
  return left > 0 ? (B / left) ** (1 / beta) : Infinity;
}

// The size of the smallest bill at one loss. Where v is the share of the data term in loss - E, the best v has
// alpha (1 - v) / (beta v) = 1 + S / 3D: bisection in log v, from the best share for training downwards.
export function cheapest({ E, A, B, alpha, beta }, target, served) {
  const gap = target - E;
  const data = v => (B / (v * gap)) ** (1 / beta);
  let [low, high] = [-700, Math.log(alpha / (alpha + beta))];
  for (let i = 0; i < 200 && high > low; i++) {
    const middle = (low + high) / 2;
    const v = Math.exp(middle);
    if ((alpha * (1 - v)) / (beta * v) > 1 + served / (3 * data(v))) low = middle;
    else high = middle;
  }
  const v = Math.exp(high);
  const [N, D] = [(A / ((1 - v) * gap)) ** (1 / alpha), data(v)];
  return { N, D, training: 6 * N * D, serving: 2 * N * served };
}

// ---- Muennighoff et al. 2023 -----------------------------------------------------------------------

// What a number of passes over the same data is worth, in passes over fresh data; R_D repeats are the scale of the decay.
export const worthOf = (epochs, R_D) =>
  epochs > 1 ? 1 - R_D * Math.expm1((1 - epochs) / R_D) : epochs;
