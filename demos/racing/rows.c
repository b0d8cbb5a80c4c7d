/* The network of three layers, forward and backward, one row after the other.

   IN, HIDDEN1 and HIDDEN2 are its sizes. Of each neuron, `p` has the weights and then the bias, as
   `g` has their derivatives. The compiler knows all lengths, and puts numbers of a row in vectors. */

#include <stddef.h>
#include <string.h>

#define N1 (HIDDEN1 * (IN + 1))
#define N2 (HIDDEN2 * (HIDDEN1 + 1))
#define N (N1 + N2 + HIDDEN2 + 1)
#define INLINE static inline __attribute__((always_inline))

INLINE void layer(size_t n, size_t m, const double *restrict p, const double *restrict x,
                  double *restrict h, int has_relu) {
    for (size_t j = 0; j < m; j++) {
        const double *w = p + j * (n + 1);
        double sum = w[n];
        for (size_t i = 0; i < n; i++) sum += w[i] * x[i];
        h[j] = has_relu && !(sum > 0) ? 0 : sum;
    }
}

/* Add to `g` what the layer gives, and set `dx`, where it is wanted, to ∂loss/∂x. */
INLINE void back(size_t n, size_t m, const double *restrict p, const double *restrict x,
                 const double *restrict dz, double *restrict dx, double *restrict g) {
    if (dx) memset(dx, 0, n * sizeof *dx);
    for (size_t j = 0; j < m; j++) {
        const double *w = p + j * (n + 1);
        double *gw = g + j * (n + 1), d = dz[j];
        if (d == 0) continue; /* behind a ReLU that is shut */
        for (size_t i = 0; i < n; i++) gw[i] += d * x[i];
        gw[n] += d;
        if (dx) for (size_t i = 0; i < n; i++) dx[i] += d * w[i];
    }
    if (dx) for (size_t i = 0; i < n; i++) dx[i] = x[i] > 0 ? dx[i] : 0;
}

double step(const double *restrict p, const double *restrict rows, const double *restrict classes,
            size_t n_rows, double *restrict g) {
    double loss = 0, h1[HIDDEN1], h2[HIDDEN2], d1[HIDDEN1], d2[HIDDEN2];
    memset(g, 0, N * sizeof *g);
    for (size_t r = 0; r < n_rows; r++) {
        const double *x = rows + r * IN;
        double score;
        layer(IN, HIDDEN1, p, x, h1, 1);
        layer(HIDDEN1, HIDDEN2, p + N1, h1, h2, 1);
        layer(HIDDEN2, 1, p + N1 + N2, h2, &score, 0);
        double margin = 1 - classes[r] * score;
        if (!(margin > 0)) continue; /* no loss, and no gradient */
        loss += margin;
        double d = -classes[r];
        back(HIDDEN2, 1, p + N1 + N2, h2, &d, d2, g + N1 + N2);
        back(HIDDEN1, HIDDEN2, p + N1, h1, d2, d1, g + N1);
        back(IN, HIDDEN1, p, x, d1, NULL, g);
    }
    for (size_t k = 0; k < N; k++) g[k] /= n_rows;
    return loss / n_rows;
}
