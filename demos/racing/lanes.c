/* The network of three layers, forward and backward, LANES rows side by side.

   IN, HIDDEN1 and HIDDEN2 are its sizes. Of each neuron, `p` has the weights and then the bias, as
   `g` has their derivatives. A number of the network is an array of lanes here, one for each row,
   so that the compiler fills whole vectors; lanes behind the last row count for nothing. */

#include <stddef.h>
#include <string.h>

#define N1 (HIDDEN1 * (IN + 1))
#define N2 (HIDDEN2 * (HIDDEN1 + 1))
#define N (N1 + N2 + HIDDEN2 + 1)
#define INLINE static inline __attribute__((always_inline))
#define EACH_LANE for (size_t l = 0; l < LANES; l++)

typedef double lanes[LANES] __attribute__((aligned(64)));

INLINE void layer(size_t n, size_t m, const double *restrict p, const lanes *restrict x,
                  lanes *restrict h, int has_relu) {
    for (size_t j = 0; j < m; j++) {
        const double *w = p + j * (n + 1);
        lanes sum;
        EACH_LANE sum[l] = w[n];
        for (size_t i = 0; i < n; i++) EACH_LANE sum[l] += w[i] * x[i][l];
        EACH_LANE h[j][l] = has_relu && !(sum[l] > 0) ? 0 : sum[l];
    }
}

/* Add to `g` what the layer gives, and set `dx`, where it is wanted, to ∂loss/∂x. */
INLINE void back(size_t n, size_t m, const double *restrict p, const lanes *restrict x,
                 const lanes *restrict dz, lanes *restrict dx, double *restrict g) {
    for (size_t j = 0; j < m; j++) {
        double *gw = g + j * (n + 1), total = 0;
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            EACH_LANE sum += dz[j][l] * x[i][l];
            gw[i] += sum;
        }
        EACH_LANE total += dz[j][l];
        gw[n] += total;
    }
    if (dx) for (size_t i = 0; i < n; i++) {
        lanes sum;
        EACH_LANE sum[l] = 0;
        for (size_t j = 0; j < m; j++) EACH_LANE sum[l] += p[j * (n + 1) + i] * dz[j][l];
        EACH_LANE dx[i][l] = x[i][l] > 0 ? sum[l] : 0;
    }
}

double step(const double *restrict p, const double *restrict rows, const double *restrict classes,
            size_t n_rows, double *restrict g) {
    double loss = 0;
    lanes x[IN], h1[HIDDEN1], h2[HIDDEN2], d1[HIDDEN1], d2[HIDDEN2], score[1], d[1], y, counts;
    memset(g, 0, N * sizeof *g);
    for (size_t r = 0; r < n_rows; r += LANES) {
        EACH_LANE {
            size_t row = r + l < n_rows ? r + l : n_rows - 1;
            counts[l] = r + l < n_rows;
            y[l] = classes[row];
            for (size_t i = 0; i < IN; i++) x[i][l] = rows[row * IN + i];
        }
        layer(IN, HIDDEN1, p, x, h1, 1);
        layer(HIDDEN1, HIDDEN2, p + N1, h1, h2, 1);
        layer(HIDDEN2, 1, p + N1 + N2, h2, score, 0);
        EACH_LANE {
            double margin = 1 - y[l] * score[0][l];
            loss += counts[l] != 0 && margin > 0 ? margin : 0;
            d[0][l] = counts[l] != 0 && margin > 0 ? -y[l] : 0;
        }
        back(HIDDEN2, 1, p + N1 + N2, h2, d, d2, g + N1 + N2);
        back(HIDDEN1, HIDDEN2, p + N1, h1, d2, d1, g + N1);
        back(IN, HIDDEN1, p, x, d1, NULL, g);
    }
    for (size_t k = 0; k < N; k++) g[k] /= n_rows;
    return loss / n_rows;
}
