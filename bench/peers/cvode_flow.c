/*
 * Gradient flow of a one-hidden-layer ReLU network by SUNDIALS CVODE, in log-polar coordinates, gates read off the sign of z = <w, x>.
 *
 *   cvode_flow adams|bdf TOLERANCE SECONDS < problem > result
 *
 * SECONDS of processor time are the limit.
 *
 * problem: n d m T, X (n x d), y (n), then m rows "w (d) a rho"; all numbers in text, any white space between them.
 * result:  "reached|stopped t wall processor evaluations steps", times in seconds, then m rows "w (d) a rho".
 *
 * State, one block of m a coordinate: d blocks w_i, a, rho; the true weights of neuron j are e^rho_j (w_j, a_j).
 *   (w, a)' = M (w, a) - g (w, a),  rho' = g,  M (w, a) = (a D, <w, D>),  g = 2 a <w, D> / (|w|^2 + a^2).
 *
 * cc -O3 -march=native cvode_flow.c -lsundials_cvode -lsundials_nvecserial -lm
 */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>
#include <time.h>

typedef struct {
    int n, d, m;
    double *x, *xt, *y; /* xt: d x n */
    double *z, *D, *scale, *dot, *square;
} flow;

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

static double *room(size_t count)
{
    double *block = aligned_alloc(64, (count * sizeof(double) + 63) / 64 * 64);
    if (!block) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return block;
}

/* out (rows x m) = c (rows x inner) in (inner x m) */
static void product(int rows, int inner, int m, const double *restrict c, const double *restrict in, double *restrict out)
{
    for (int k = 0; k < rows; k++, c += inner, out += m) {
        const double *p = in;
        int i = 0;
        memset(out, 0, m * sizeof(double));
        for (; i + 4 <= inner; i += 4, p += 4 * m)
            for (int j = 0; j < m; j++)
                out[j] += c[i] * p[j] + c[i + 1] * p[m + j] + c[i + 2] * p[2 * m + j] + c[i + 3] * p[3 * m + j];
        for (; i < inner; i++, p += m)
            for (int j = 0; j < m; j++)
                out[j] += c[i] * p[j];
    }
}

static int field(realtype t, N_Vector state, N_Vector derivative, void *user)
{
    (void)t;
    flow *p = user;
    const int n = p->n, d = p->d, m = p->m;
    const double *w = N_VGetArrayPointer(state), *a = w + (size_t)d * m, *rho = a + m;
    double *dw = N_VGetArrayPointer(derivative), *da = dw + (size_t)d * m, *drho = da + m;

    product(n, d, m, p->x, w, p->z);
    for (int j = 0; j < m; j++)
        p->scale[j] = a[j] * exp(2 * rho[j]);
    for (int k = 0; k < n; k++) {
        double *z = p->z + (size_t)k * m, f = 0;
        for (int j = 0; j < m; j++)
            f += z[j] > 0 ? p->scale[j] * z[j] : 0;
        const double b = (p->y[k] - f) / n;
        for (int j = 0; j < m; j++)
            z[j] = z[j] > 0 ? b : 0;
    }
    product(d, n, m, p->xt, p->z, p->D);

    memset(p->dot, 0, m * sizeof(double));
    for (int j = 0; j < m; j++)
        p->square[j] = a[j] * a[j];
    for (int i = 0; i < d; i++)
        for (int j = 0; j < m; j++) {
            p->dot[j] += w[i * m + j] * p->D[i * m + j];
            p->square[j] += w[i * m + j] * w[i * m + j];
        }
    for (int j = 0; j < m; j++) {
        drho[j] = 2 * a[j] * p->dot[j] / p->square[j];
        da[j] = p->dot[j] - drho[j] * a[j];
    }
    for (int i = 0; i < d; i++)
        for (int j = 0; j < m; j++)
            dw[i * m + j] = a[j] * p->D[i * m + j] - drho[j] * w[i * m + j];
    return 0;
}

static double number(void)
{
    double value;
    if (scanf("%lf", &value) != 1) {
        fputs("the problem ends early\n", stderr);
        exit(1);
    }
    return value;
}

static double *numbers(int count)
{
    double *values = room(count);
    for (int i = 0; i < count; i++)
        values[i] = number();
    return values;
}

int main(int argc, char **argv)
{
    if (argc != 4 || (strcmp(argv[1], "adams") && strcmp(argv[1], "bdf"))) {
        fputs("usage: cvode_flow adams|bdf TOLERANCE SECONDS\n", stderr);
        return 2;
    }
    const int adams = !strcmp(argv[1], "adams");
    const double tolerance = atof(argv[2]), limit = atof(argv[3]);

    flow p;
    p.n = number();
    p.d = number();
    p.m = number();
    const double end = number();
    p.x = numbers(p.n * p.d);
    p.y = numbers(p.n);
    p.xt = room((size_t)p.n * p.d);
    for (int k = 0; k < p.n; k++)
        for (int i = 0; i < p.d; i++)
            p.xt[i * p.n + k] = p.x[k * p.d + i];
    p.z = room((size_t)p.n * p.m);
    p.D = room((size_t)p.d * p.m);
    p.scale = room(p.m);
    p.dot = room(p.m);
    p.square = room(p.m);

    SUNContext context;
    SUNContext_Create(NULL, &context);
    N_Vector state = N_VNew_Serial((sunindextype)p.m * (p.d + 2), context);
    double *v = N_VGetArrayPointer(state);
    for (int j = 0; j < p.m; j++)
        for (int i = 0; i < p.d + 2; i++)
            v[i * p.m + j] = number();

    void *cvode = CVodeCreate(adams ? CV_ADAMS : CV_BDF, context);
    CVodeInit(cvode, field, 0, state);
    CVodeSStolerances(cvode, tolerance, tolerance);
    CVodeSetUserData(cvode, &p);
    CVodeSetMaxNumSteps(cvode, -1);
    CVodeSetStopTime(cvode, end);
    if (adams)
        CVodeSetNonlinearSolver(cvode, SUNNonlinSol_FixedPoint(state, 0, context));
    else
        CVodeSetLinearSolver(cvode, SUNLinSol_SPGMR(state, SUN_PREC_NONE, 0, context), NULL);

    double t = 0;
    int failed = 0;
    const double start = seconds(CLOCK_MONOTONIC), work = seconds(CLOCK_PROCESS_CPUTIME_ID);
    while (t < end && !failed && seconds(CLOCK_PROCESS_CPUTIME_ID) - work < limit)
        failed = CVode(cvode, end, state, &t, CV_ONE_STEP) < 0;
    const double wall = seconds(CLOCK_MONOTONIC) - start, processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - work;

    long evaluations = 0, linear = 0, steps = 0;
    CVodeGetNumRhsEvals(cvode, &evaluations);
    CVodeGetNumSteps(cvode, &steps);
    if (!adams)
        CVodeGetNumLinRhsEvals(cvode, &linear);
    printf("%s %.17g %.9g %.9g %ld %ld\n", t >= end ? "reached" : "stopped", t, wall, processor, evaluations + linear, steps);
    v = N_VGetArrayPointer(state);
    for (int j = 0; j < p.m; j++)
        for (int i = 0; i < p.d + 2; i++)
            printf("%.17g%c", v[i * p.m + j], i == p.d + 1 ? '\n' : ' ');
    return 0;
}
