// RUN: %examplecheck %s -lm
//
// blackscholes: the fair prices of many options (Black and Scholes), in
// several scenarios in which the market has moved.
// usage: blackscholes [options]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct option {
    double spot, strike, rate, volatility, years;
};

static double normal_cdf(double x) {
    return 0.5 * (1.0 + erf(x / sqrt(2.0)));
}

static void price(double *call, double *put, const struct option *o, int n,
                  double market) {
    for (int i = 0; i < n; i++) {
        double spot = o[i].spot * market;
        double spread = o[i].volatility * sqrt(o[i].years);
        double drift = o[i].rate + 0.5 * o[i].volatility * o[i].volatility;
        double d1 = (log(spot / o[i].strike) + drift * o[i].years) / spread;
        double d2 = d1 - spread;
        double strike = o[i].strike * exp(-o[i].rate * o[i].years);
        call[i] = spot * normal_cdf(d1) - strike * normal_cdf(d2);
        put[i] = strike * normal_cdf(-d2) - spot * normal_cdf(-d1);
    }
}

static double between(uint32_t *seed, double low, double high) {
    *seed = *seed * 1664525u + 1013904223u;
    return low + (high - low) * ((*seed >> 8) / 16777216.0);
}

static void invent(struct option *o, int n) {
    uint32_t seed = 2026;
    for (int i = 0; i < n; i++) {
        o[i].spot = between(&seed, 20.0, 200.0);
        o[i].strike = o[i].spot * between(&seed, 0.7, 1.4);
        o[i].rate = between(&seed, 0.0, 0.06);
        o[i].volatility = between(&seed, 0.1, 0.6);
        o[i].years = between(&seed, 0.1, 3.0);
    }
}

static double sum(const double *v, int n) {
    double total = 0.0;
    for (int i = 0; i < n; i++)
        total += v[i];
    return total;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 2000000;
    if (n < 1 || n > 50000000) {
        fprintf(stderr, "usage: %s [options, 1 to 50000000]\n", argv[0]);
        return 2;
    }

    struct option *o = malloc(n * sizeof *o);
    double *call = malloc(n * sizeof *call);
    double *put = malloc(n * sizeof *put);
    if (!o || !call || !put) {
        fprintf(stderr, "blackscholes: out of memory\n");
        return 1;
    }
    invent(o, n);

    printf("blackscholes: %d options\n", n);
    for (int percent = 80; percent <= 120; percent += 5) {
        price(call, put, o, n, percent / 100.0);
        printf("market at %3d%%: calls %.17g, puts %.17g\n", percent,
               sum(call, n), sum(put, n));
    }

    free(o);
    free(call);
    free(put);
    return 0;
}
