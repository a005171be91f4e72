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

// Points [N, D] of equal loss, from the wall where D is endless to the wall where N is.
export function contour(law, level, points = 72) {
  const gap = level - law.E;
  return Array.from({ length: points + 1 }, (_, i) => {
    const share = 1 / (1 + Math.exp(9 - (18 * i) / points));
    return [(law.A / ((1 - share) * gap)) ** (1 / law.alpha), (law.B / (share * gap)) ** (1 / law.beta)];
  });
}

// ---- others -------------------------------------------------------------------------------

// L = floor + (scale / x)^exponent
export const powerLoss = (law, x) => law.floor + (law.scale / x) ** law.exponent;

// Kaplan et al. 2020, eq. 1.5
export const kaplanLoss = ({ N_c, D_c, alpha_N, alpha_D }, N, D) => ((N_c / N) ** (alpha_N / alpha_D) + D_c / D) ** alpha_D;

// ---- a parabola through points --------------------------------------------------------------

const sum = (values) => values.reduce((a, b) => a + b, 0);
const dot = (a, b) => sum(a.map((v, i) => v * b[i]));

// Least squares y = a + b u + c u^2 with u = x - mean(x); orthogonal polynomials keep it accurate.
export function parabola(x, y) {
  const n = x.length;
  const centre = sum(x) / n;
  const u = x.map((v) => v - centre);
  const s2 = dot(u, u);
  const skew = sum(u.map((v) => v ** 3)) / s2;
  const q = u.map((v) => v * v - skew * v - s2 / n);
  const c = dot(q, y) / dot(q, q);
  const b = dot(u, y) / s2 - c * skew;
  const a = sum(y) / n - (c * s2) / n;
  return { at: (v) => a + (v - centre) * (b + c * (v - centre)), vertex: centre - b / (2 * c), curvature: c };
}
