// The laboratory's transformer in C: the formulas of model.py, with its names, for long sweeps.
//
// It is quicker than NumPy because one window of text goes forward and back before the next begins,
// so that all it touches stays in the cache of a core, and because products of matrices keep a tile
// of their result in registers. Rows are tokens, T of them, d = width. Inside attention everything
// is transposed (channels, or keys, by queries): there, too, inner loops run along neighbours. The
// feed-forward block may be a mixture of E experts; 1 is the plain one. Every processor gives the
// same bytes: only `fma_w` fuses product and sum (compile with -ffp-contract=off), and sums over
// neighbours begin as eight sums however wide a register is. kernel.py holds shapes to MOST_T and
// the like, context to multiples of 16, all else to multiples of 8.
#include <math.h>
#include <stdint.h>
#include <string.h>

// ---- W numbers at a time -----------------------------------------------------------------------

#ifdef __FMA__
#include <immintrin.h>
#endif
#ifdef __AVX512F__
enum { W = 16 };  // as many as a register holds
#else
enum { W = 8 };
#endif
#define VECTOR(bytes) __attribute__((vector_size(bytes), aligned(4), may_alias))
typedef float vw VECTOR(4 * W), v8 VECTOR(32);
typedef int32_t iw VECTOR(4 * W), i8 VECTOR(32);
#define WIDE(p) (*(vw *)(p))
#define WIDES(k, from, to) for (long k = (from); k < (to); k += W)
#define EIGHTS(k, from, to) for (long k = (from); k < (to); k += 8)
#define SIZE(count) (sizeof(float) * (count))

// load and store: eight of the W, where a row may end there and where neighbours are added up
#ifdef __AVX512F__
static inline vw load(const float *p) { return _mm512_zextps256_ps512(_mm256_loadu_ps(p)); }
static inline void store(float *p, vw x) { _mm256_storeu_ps(p, _mm512_castps512_ps256(x)); }
static inline vw fma_w(vw a, vw b, vw c) { return _mm512_fmadd_ps(a, b, c); }
#else
#define load WIDE
static inline void store(float *p, vw x) { WIDE(p) = x; }
#ifdef __FMA__
static inline vw fma_w(vw a, vw b, vw c) { return _mm256_fmadd_ps(a, b, c); }
#else  // the same, in the compiler's own way
static inline vw fma_w(vw a, vw b, vw c) {
    for (int k = 0; k < W; k++) c[k] = __builtin_fmaf(a[k], b[k], c[k]);
    return c;
}
#endif
#endif
static inline vw all(float x) { return x - (vw){0}; }
static float sum(vw a) { return a[0] + a[4] + (a[1] + a[5]) + (a[2] + a[6] + (a[3] + a[7])); }
static inline vw larger(vw a, vw b) { iw m = a > b; return (vw)(((iw)a & m) | ((iw)b & ~m)); }

// exp to a relative error of about 1e-7, exactly 0 below -87: 2^n times a polynomial (Cephes)
static inline vw vexp(vw x) {
    iw finite = x > all(-87.0f);
    x = larger(x, all(-87.0f));
    vw n = x * 1.44269504088896341f + 12582912.0f;  // the nearest integer stands in the last bits
    iw exponent = ((iw)n - 0x4B400000) << 23;
    n -= 12582912.0f;
    x = x - n * 0.693359375f + n * 2.12194440e-4f;
    vw y = (x * 1.9875691500e-4f + 1.3981999507e-3f) * x + 8.3334519073e-3f;
    y = ((y * x + 4.1665795894e-2f) * x + 1.6666665459e-1f) * x + 5.0000001201e-1f;
    return (vw)(((iw)(y * x * x + x + 1.0f) + exponent) & finite);
}

// ---- matrices ----------------------------------------------------------------------------------

// R rows and w columns of D = A B, or D += A B; A(i, k) is A[i row + k col]. R and w are constants
// at every call: the compiler unrolls the loops over them, and `part` lives in registers.
static inline __attribute__((always_inline)) void tile(const int R, const int w, int K,
        const float *A, long row, long col, const float *B, long ldb, float *D, long ldd, int add) {
#define GET(p) (w < W ? load(p) : WIDE(p))
    const int C = w > W ? 2 : 1;
    vw part[W], b[2];
    for (int p = 0; p < R * C; p++) part[p] = add ? GET(D + p / C * ldd + p % C * W) : all(0);
    for (int k = 0; k < K; k++) {
        for (int c = 0; c < C; c++) b[c] = GET(B + k * ldb + c * W);
        for (int p = 0; p < R * C; p++)
            part[p] = fma_w(all(A[p / C * row + k * col]), b[p % C], part[p]);
    }
    for (int p = 0; p < R * C; p++)
        if (w < W) store(D + p * ldd, part[p]);
        else WIDE(D + p / C * ldd + p % C * W) = part[p];
}

// D (M x N) = A (M x K) B (K x N), or D += A B; N a multiple of 8
static void multiply(int M, int N, int K, const float *A, long row, long col, const float *B,
                     long ldb, float *D, long ldd, int add) {
#define TILES(R, w) for (; i + R <= M; i += R)                                            \
        tile(R, w, K, A + i * row, row, col, B, ldb, D + i * ldd, ldd, add)
#define COLUMNS(w) for (int i; N >= w; N -= w, B += w, D += w) {                          \
        i = 0; TILES(W / 2, w); TILES(4, w); TILES(1, w); }
    COLUMNS(2 * W) COLUMNS(W) COLUMNS(8)
}

#ifndef __clang__
#define __builtin_shufflevector(a, b, ...) __builtin_shuffle(a, b, (i8){__VA_ARGS__})
#endif
// B (n x m) = A (m x n) transposed, both multiples of 8. Riffling the first four rows of a block
// with the last four, as one riffles cards, three times over, puts it on its side.
static void transpose(int m, int n, const float *A, long lda, float *B, long ldb) {
    EIGHTS(i, 0, m) EIGHTS(j, 0, n) {
        v8 r[8], t[8];
        for (int k = 0; k < 8; k++) r[k] = *(const v8 *)(A + (i + k) * lda + j);
        for (int round = 0; round < 3; round++, memcpy(r, t, sizeof r))
            for (int k = 0; k < 4; k++) {
                t[2 * k] = __builtin_shufflevector(r[k], r[k + 4], 0, 8, 1, 9, 2, 10, 3, 11);
                t[2 * k + 1] = __builtin_shufflevector(r[k], r[k + 4], 4, 12, 5, 13, 6, 14, 7, 15);
            }
        for (int k = 0; k < 8; k++) *(v8 *)(B + (j + k) * ldb + i) = r[k];
    }
}

// rows of root mean square 1, and the factors that made them so
static void normalise(int T, int d, const float *X, float *n, float *scale) {
    for (int t = 0; t < T; t++, X += d, n += d) {
        vw squares = all(0);
        EIGHTS(c, 0, d) squares += load(X + c) * load(X + c);
        scale[t] = 1 / sqrtf(sum(squares) / d + 1e-6f);
        EIGHTS(c, 0, d) store(n + c, load(X + c) * scale[t]);
    }
}

// dX += the gradient before the norm: what points along n is lost, the rest is scaled
static void normalise_back(int T, int d, const float *dn, const float *n, const float *scale,
                           float *dX) {
    for (int t = 0; t < T; t++, dn += d, n += d, dX += d) {
        vw along = all(0);
        EIGHTS(c, 0, d) along += load(dn + c) * load(n + c);
        float mean = sum(along) / d;
        EIGHTS(c, 0, d) store(dX + c, load(dX + c) + (load(dn + c) - load(n + c) * mean) * scale[t]);
    }
}

// ---- where things lie --------------------------------------------------------------------------

typedef struct {
    int layers, width, heads, vocab, context, hidden, experts;
    const float *mask;           // added to scores, (heads, keys, queries); -1e9 for the future
    const float *cosine, *sine;  // of rotary positions, (width of a head / 2, context)
} Shape;
typedef struct { float *qkv, *out, *router, *up, *down; } Matrices;

// what a step works in; nothing in it outlives the step
enum { MOST_T = 160, MOST_D = 128, MOST_HEADS = 8, MOST_V = 128, MOST_LAYERS = 8, MOST_E = 8 };
enum { TD = MOST_T * MOST_D + 48, TT = MOST_T * MOST_T + 16 };  // no power of two: see caches
typedef struct {  // of a layer, from forward for backward
    float n1[TD], scale1[MOST_T], qkv[3 * TD], P[MOST_HEADS * TT], o_T[TD], o[TD];
    float n2[TD], scale2[MOST_T], gate[MOST_T * MOST_E];  // softmax of the router, (T, E)
    float in[TD], a[4 * TD], u[4 * TD], y[TD];            // of the experts, rows as in `order`
    int chosen[MOST_T], order[MOST_T], count[MOST_E];     // expert of each token; tokens by expert
} Layer;
static Layer kept[MOST_LAYERS];
static float X[TD], n[TD], scale[MOST_T], Z[MOST_T * MOST_V];  // stream, its last norm, logits
static float dX[TD], dn[TD], dy[TD], da[4 * TD], dqkv[3 * TD], dP[TT], flat[3 * TD], do_T[TD];
static float aside[MOST_LAYERS * MOST_D * MOST_D * (4 + 8 * MOST_E) + MOST_D * (2 * MOST_V + 99)];

// of a layer, in a vector laid out as Model.theta; after the last layer, `qkv` is the head
static Matrices matrices(const Shape *s, const float *vector, int layer) {
    long d = s->width, E = s->experts, router = E > 1 ? d * E : 0, up = E * d * s->hidden;
    float *qkv = (float *)vector + s->vocab * d + layer * (4 * d * d + router + 2 * up);
    float *out = qkv + 3 * d * d, *after = out + d * d;
    return (Matrices){qkv, out, after, after + router, after + router + up};
}

// ---- attention ---------------------------------------------------------------------------------

// turn pairs of channels of (channels, T), as complex numbers, by the angles of their positions
static void rotate(const Shape *s, float *rows, int channels, float sign) {
    int T = s->context, half = s->width / s->heads / 2;
    for (int c = 0; c < channels; c += 2, rows += 2 * T)
        WIDES(t, 0, T) {
            vw x = WIDE(rows + t), y = WIDE(rows + T + t);
            vw along = WIDE(s->cosine + c / 2 % half * T + t);
            vw across = WIDE(s->sine + c / 2 % half * T + t) * sign;
            WIDE(rows + t) = x * along - y * across, WIDE(rows + T + t) = x * across + y * along;
        }
}

// o = softmax(q k^T) v, for 16 queries at a time, which see the keys up to the last of them
static void attention(const Shape *s, Layer *y) {
    int T = s->context, d = s->width, dh = d / s->heads;
    for (int h = 0; h < s->heads; h++) {
        const float *q = y->qkv + h * dh * T, *k = q + d * T, *v = k + d * T;
        float *P = y->P + h * T * T;
        for (int i = 0; i < T; i += 16) {
            multiply(i + 16, 16, dh, k, 1, T, q + i, T, P + i, T, 0);
            WIDES(at, i, i + 16) {
                vw most = all(-1e30f), total = all(0);
#define DOWN(p) for (float *p = P + at, *end = p + (i + 16) * T; p < end; p += T)
                DOWN(p) WIDE(p) += WIDE(s->mask + h * T * T + (p - P)), most = larger(most, WIDE(p));
                DOWN(p) WIDE(p) = vexp(WIDE(p) - most), total += WIDE(p);
                DOWN(p) WIDE(p) *= 1 / total;
            }
            multiply(dh, 16, i + 16, v, T, 1, P + i, T, y->o_T + h * dh * T + i, T, 0);
        }
    }
}

// out (dh, keys) = A (dh, queries) S^T; S (keys, queries): a key is seen by no earlier query
static void sum_over_queries(int T, int dh, const float *A, const float *S, float *out) {
    static float turned[TT];
    for (int i = 0; i < T; i += 16) transpose(i + 16, 16, S + i, T, turned + i * T, T);
    for (int j = 0; j < T; j += 16)
        multiply(dh, 16, T - j, A + j, T, 1, turned + j * T + j, T, out + j, T, 0);
}

// from the gradient of o, in do_T (d, T), to that of q, k and v, in dqkv (3 d, T)
static void attention_back(const Shape *s, Layer *y) {
    int T = s->context, d = s->width, dh = d / s->heads;
    for (int h = 0; h < s->heads; h++) {
        const float *q = y->qkv + h * dh * T, *k = q + d * T, *v = k + d * T, *P = y->P + h * T * T;
        const float *o = y->o_T + h * dh * T, *g = do_T + h * dh * T;
        float *dq = dqkv + h * dh * T, *dk = dq + d * T, *dv = dk + d * T;
        for (int i = 0; i < T; i += 16) {
            multiply(i + 16, 16, dh, v, 1, T, g + i, T, dP + i, T, 0);
            WIDES(at, i, i + 16) {
                vw mean = all(0);  // softmax: dS = P (dP - sum_j P dP), and that sum is o g
                for (int c = 0; c < dh; c++) mean += WIDE(o + c * T + at) * WIDE(g + c * T + at);
                for (int j = 0; j < i + 16; j++)
                    WIDE(dP + j * T + at) = WIDE(P + j * T + at) * (WIDE(dP + j * T + at) - mean);
            }
            multiply(dh, 16, i + 16, k, T, 1, dP + i, T, dq + i, T, 0);
        }
        sum_over_queries(T, dh, q, dP, dk), sum_over_queries(T, dh, g, P, dv);
    }
}

// ---- feed-forward, with experts ----------------------------------------------------------------

// The gate is softmax(n2 router). A token goes to the expert of the largest logit + bias (the bias
// balances and has no gradient); the answer counts E gate, which is 1 where all experts are alike.
static void route(const Shape *s, Layer *y, const float *router, const float *bias, float *loads) {
    int T = s->context, d = s->width, E = s->experts, place = 0;
    memset(y->count, 0, sizeof y->count);
    for (int t = 0; t < T; t++) {
        float *z = y->gate + t * E, most = -1e30f, best = -1e30f, total = 0;
        for (int e = y->chosen[t] = 0; e < E; e++) {
            z[e] = 0;
            for (int c = 0; E > 1 && c < d; c++) z[e] += y->n2[t * d + c] * router[c * E + e];
            if (z[e] > most) most = z[e];
            if (z[e] + bias[e] > best) best = z[e] + bias[e], y->chosen[t] = e;
        }
        for (int e = 0; e < E; e++) total += z[e] = expf(z[e] - most);
        for (int e = 0; e < E; e++) z[e] /= total;
        y->count[y->chosen[t]]++, loads[y->chosen[t]]++;
    }
    for (int r = 0; r < E * T; r++)
        if (y->chosen[r % T] == r / T) y->order[place++] = r % T;
}

// X += down(relu(n2 up)^2) of each token's expert, times its gate
static void feed_forward(const Shape *s, Layer *y, Matrices m) {
    int T = s->context, d = s->width, F = s->hidden, E = s->experts;
    for (int r = 0; r < T; r++) memcpy(y->in + r * d, y->n2 + y->order[r] * d, SIZE(d));
    for (long e = 0, r = 0; e < E; r += y->count[e++]) {
        multiply(y->count[e], F, d, y->in + r * d, d, 1, m.up + e * d * F, F, y->a + r * F, F, 0);
        EIGHTS(k, r * F, (r + y->count[e]) * F) store(y->a + k, larger(load(y->a + k), all(0)));
        EIGHTS(k, r * F, (r + y->count[e]) * F) store(y->u + k, load(y->a + k) * load(y->a + k));
        multiply(y->count[e], d, F, y->u + r * F, F, 1, m.down + e * F * d, d, y->y + r * d, d, 0);
    }
    for (int r = 0; r < T; r++) {
        int t = y->order[r];
        float weight = E * y->gate[t * E + y->chosen[t]];
        EIGHTS(c, 0, d) store(X + t * d + c, load(X + t * d + c) + load(y->y + r * d + c) * weight);
    }
}

// from dX to dn, the gradient of n2; m: the matrices, `side`: transposed, g: their gradients
static void feed_forward_back(const Shape *s, Layer *y, Matrices m, Matrices side, Matrices g) {
    int T = s->context, d = s->width, F = s->hidden, E = s->experts;
    for (int r = 0; r < T; r++) {
        int t = y->order[r], e = y->chosen[t];
        float *p = y->gate + t * E, weight = E * p[e];
        vw product = all(0);
        EIGHTS(c, 0, d) product += load(dX + t * d + c) * load(y->y + r * d + c);
        EIGHTS(c, 0, d) store(dy + r * d + c, load(dX + t * d + c) * weight);
        weight *= sum(product);  // through the softmax: from here on p is the router's gradient
        for (int f = 0; f < E; f++) p[f] = weight * ((f == e) - p[f]);
    }
    for (long e = 0, r = 0, rows; e < E; e++, r += rows) {
        rows = y->count[e];
        multiply(F, d, rows, y->u + r * F, 1, F, dy + r * d, d, g.down + e * F * d, d, 1);
        multiply(rows, F, d, dy + r * d, d, 1, side.down + e * d * F, F, da, F, 0);
        EIGHTS(k, 0, rows * F) store(da + k, load(da + k) * load(y->a + r * F + k) * 2.0f);
        multiply(d, F, rows, y->in + r * d, 1, d, da, F, g.up + e * d * F, F, 1);
        multiply(rows, d, F, da, F, 1, side.up + e * F * d, d, flat + r * d, d, 0);
    }
    for (int r = 0; r < T; r++) memcpy(dn + y->order[r] * d, flat + r * d, SIZE(d));
    for (int k = 0; E > 1 && k < T * d; k++)
        for (int e = 0; e < E; e++) {
            g.router[k % d * E + e] += y->n2[k] * y->gate[k / d * E + e];
            dn[k] += y->gate[k / d * E + e] * m.router[k % d * E + e];
        }
}

// ---- one step ----------------------------------------------------------------------------------

// every matrix transposed, once a step: back through y = x W goes dx = dy W^T
static void lay_aside(const Shape *s, const float *theta) {
    int d = s->width, F = s->hidden, V = s->vocab;
    for (int l = 0; l < s->layers; l++) {
        Matrices m = matrices(s, theta, l), side = matrices(s, aside, l);
        transpose(d, 3 * d, m.qkv, 3 * d, side.qkv, d), transpose(d, d, m.out, d, side.out, d);
        for (long e = 0; e < s->experts * d * F; e += d * F)
            transpose(d, F, m.up + e, F, side.up + e, d),
            transpose(F, d, m.down + e, d, side.down + e, F);
    }
    transpose(d, V, matrices(s, theta, s->layers).qkv, V, matrices(s, aside, s->layers).qkv, d);
}

static void forward(const Shape *s, const float *theta, const uint8_t *x, const float *bias,
                    float *loads) {
    int T = s->context, d = s->width, V = s->vocab;
    for (int t = 0; t < T; t++) memcpy(X + t * d, theta + x[t] * d, SIZE(d));
    for (int l = 0; l < s->layers; l++) {
        Layer *y = kept + l;
        Matrices m = matrices(s, theta, l);
        normalise(T, d, X, y->n1, y->scale1);
        multiply(T, 3 * d, d, y->n1, d, 1, m.qkv, 3 * d, flat, 3 * d, 0);
        transpose(T, 3 * d, flat, 3 * d, y->qkv, T);
        rotate(s, y->qkv, 2 * d, 1), attention(s, y);
        transpose(d, T, y->o_T, T, y->o, d);
        multiply(T, d, d, y->o, d, 1, m.out, d, X, d, 1);
        normalise(T, d, X, y->n2, y->scale2);
        route(s, y, m.router, bias + l * s->experts, loads + l * s->experts);
        feed_forward(s, y, m);
    }
    normalise(T, d, X, n, scale);
    multiply(T, V, d, n, d, 1, matrices(s, theta, s->layers).qkv, V, Z, V, 0);
}

// sum of the surprisals of the right tokens y; Z becomes the probabilities
static double surprisal(const Shape *s, const uint8_t *y) {
    double total = 0;
    for (int t = 0; t < s->context; t++) {
        float *z = Z + t * s->vocab, right = z[y[t]], top = right;
        vw shares = all(0), most = all(right);
        EIGHTS(c, 0, s->vocab) most = larger(most, load(z + c));
        for (int c = 0; c < 8; c++) top = most[c] > top ? most[c] : top;
        EIGHTS(c, 0, s->vocab) store(z + c, vexp(load(z + c) - top)), shares += load(z + c);
        total += logf(sum(shares)) + top - right;
        EIGHTS(c, 0, s->vocab) store(z + c, load(z + c) * (1 / sum(shares)));
    }
    return total;
}

// from dZ, in Z, to the gradient of everything
static void backward(const Shape *s, const float *theta, const uint8_t *x, float *grad) {
    int T = s->context, d = s->width, V = s->vocab;
    multiply(d, V, T, n, 1, d, Z, V, matrices(s, grad, s->layers).qkv, V, 1);
    multiply(T, d, V, Z, V, 1, matrices(s, aside, s->layers).qkv, d, dn, d, 0);
    memset(dX, 0, SIZE(T * d));
    normalise_back(T, d, dn, n, scale, dX);
    for (int l = s->layers - 1; l >= 0; l--) {
        Layer *y = kept + l;
        Matrices side = matrices(s, aside, l), g = matrices(s, grad, l);
        feed_forward_back(s, y, matrices(s, theta, l), side, g);
        normalise_back(T, d, dn, y->n2, y->scale2, dX);
        multiply(d, d, T, y->o, 1, d, dX, d, g.out, d, 1);
        multiply(T, d, d, dX, d, 1, side.out, d, flat, d, 0);
        transpose(T, d, flat, d, do_T, T);
        attention_back(s, y), rotate(s, dqkv, 2 * d, -1);
        transpose(3 * d, T, dqkv, T, flat, 3 * d);
        multiply(d, 3 * d, T, y->n1, 1, d, flat, 3 * d, g.qkv, 3 * d, 1);
        multiply(T, d, 3 * d, flat, 3 * d, 1, side.qkv, d, dn, d, 0);
        normalise_back(T, d, dn, y->n1, y->scale1, dX);
    }
    for (int t = 0; t < T; t++)
        EIGHTS(c, 0, d) store(grad + x[t] * d + c, load(grad + x[t] * d + c) + load(dX + t * d + c));
}

// Mean surprisal of y (windows, T) after x; its gradient is added to `grad` where that is not null.
// soft: a teacher's probabilities (windows, T, vocab), or null; the gradient is then of (1 - weight)
// surprisal + weight cross-entropy to the teacher. bias, loads (layers, experts): of the choice of
// experts; how many tokens each got, added up. logits (windows, T, vocab): written where not null.
double gradient(const Shape *s, const float *theta, float *grad, const uint8_t *x, const uint8_t *y,
                int windows, const float *soft, float weight, const float *bias, float *loads,
                float *logits) {
    long T = s->context, V = s->vocab, size = T * V;
    double total = 0;
    if (grad) lay_aside(s, theta);
    for (long b = 0; b < windows; b++, x += T, y += T) {
        forward(s, theta, x, bias, loads);
        if (logits) memcpy(logits + b * size, Z, SIZE(size));
        total += surprisal(s, y);
        if (!grad) continue;
        for (long t = 0; t < T; t++) Z[t * V + y[t]] -= soft ? 1 - weight : 1;
        for (long c = 0; soft && c < size; c++) Z[c] -= weight * soft[b * size + c];
        EIGHTS(c, 0, size) store(Z + c, load(Z + c) * (1.0f / (windows * T)));
        backward(s, theta, x, grad);
    }
    return total / (windows * T);
}

// AdamW as in training.py, on parameters of one rate: clip: factor on the gradient; rate: divided by
// 1 - beta1^step; stretch: (1 - beta2^step)^-0.5; decay: share that each parameter loses
void adamw(float *theta, const float *grad, float *mean, float *square, long count, float clip,
           float rate, float stretch, float decay, float beta1, float beta2, float epsilon) {
    for (long k = 0; k < count; k++) {
        float slope = grad[k] * clip;
        mean[k] += (1 - beta1) * (slope - mean[k]);
        square[k] += (1 - beta2) * (slope * slope - square[k]);
        theta[k] -= mean[k] / (sqrtf(square[k]) * stretch + epsilon) * rate + decay * theta[k];
    }
}
