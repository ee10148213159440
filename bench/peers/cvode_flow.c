/*
 * Gradient flow of a one-hidden-layer ReLU network by SUNDIALS CVODE, in log-polar coordinates.
 *
 *   cvode_flow --version
 *   cvode_flow problem.npz result.npz adams|bdf|adams-roots|bdf-roots TOLERANCE SECONDS
 *
 * SECONDS of processor time are the limit; problem and result are as exchange.py has them. Both tolerances, relative and absolute, are TOLERANCE.
 *
 * Without root-finding gates are read off the sign of z = <w, x>. With it they are state: each z_jk is a root function, a root found changes its gate and
 * starts the integrator anew; a gate whose sign has changed without a root being found (they are missed after a new start) is put right after the step.
 *
 * State, one block of m a coordinate: d blocks w_i, a, rho; the true weights of neuron j are e^rho_j (w_j, a_j).
 *   (w, a)' = M (w, a) - g (w, a),  rho' = g,  M (w, a) = (a D, <w, D>),  g = 2 a <w, D> / (|w|^2 + a^2).
 *
 * cc -O3 -march=native -D_GNU_SOURCE cvode_flow.c -lsundials_cvode -lsundials_nvecserial -lm
 */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>
#include <time.h>

#include "npz.h"

/* z beyond this share of |w||x| on the wrong side of its gate is a root that was missed. */
#define MISSED 1e-9

typedef struct {
    int n, d, m;
    double *x, *xt, *y; /* xt: d x n */
    double *z, *D, *scale, *dot, *square;
    double *gate; /* n x m, 1 or 0; NULL where the sign of z decides */
    long evaluations;
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

    p->evaluations++;
    product(n, d, m, p->x, w, p->z);
    for (int j = 0; j < m; j++)
        p->scale[j] = a[j] * exp(2 * rho[j]);
    for (int k = 0; k < n; k++) {
        double *z = p->z + (size_t)k * m, f = 0;
        if (p->gate) {
            const double *gate = p->gate + (size_t)k * m;
            for (int j = 0; j < m; j++)
                f += gate[j] * p->scale[j] * z[j];
            const double b = (p->y[k] - f) / n;
            for (int j = 0; j < m; j++)
                z[j] = gate[j] * b;
        } else {
            for (int j = 0; j < m; j++)
                f += z[j] > 0 ? p->scale[j] * z[j] : 0;
            const double b = (p->y[k] - f) / n;
            for (int j = 0; j < m; j++)
                z[j] = z[j] > 0 ? b : 0;
        }
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

static int roots(realtype t, N_Vector state, realtype *z, void *user)
{
    (void)t;
    flow *p = user;
    product(p->n, p->d, p->m, p->x, N_VGetArrayPointer(state), z);
    return 0;
}

/* Gates after a step: those of roots found, and those whose root was missed. Returns whether one has changed. */
static int change_gates(flow *p, N_Vector state, const int *found)
{
    const int n = p->n, d = p->d, m = p->m;
    const double *w = N_VGetArrayPointer(state);
    int changed = 0;
    product(n, d, m, p->x, w, p->z);
    for (int j = 0; j < m; j++) {
        double norm = 0;
        for (int i = 0; i < d; i++)
            norm += w[i * m + j] * w[i * m + j];
        p->dot[j] = MISSED * sqrt(norm);
    }
    for (int k = 0; k < n; k++) {
        double length = 0;
        for (int i = 0; i < d; i++)
            length += p->x[k * d + i] * p->x[k * d + i];
        length = sqrt(length);
        for (int j = 0; j < m; j++) {
            const size_t at = (size_t)k * m + j;
            double gate = p->gate[at];
            if (found && found[at])
                gate = found[at] > 0;
            else if (fabs(p->z[at]) > p->dot[j] * length)
                gate = p->z[at] > 0;
            changed |= gate != p->gate[at];
            p->gate[at] = gate;
        }
    }
    return changed;
}

static void set_blocks(double *v, const double *w, const double *a, const double *rho, int m, int d)
{
    for (int j = 0; j < m; j++)
        for (int i = 0; i < d; i++)
            v[i * m + j] = w[j * d + i];
    memcpy(v + (size_t)d * m, a, m * sizeof(double));
    memcpy(v + (size_t)(d + 1) * m, rho, m * sizeof(double));
}

static void write_result(const char *path, const double *v, int m, int d, const double *numbers)
{
    static const char *names[] = { "reached", "time", "wall", "processor", "evaluations", "steps" };
    npz_writer writer = { .file = fopen(path, "wb") };
    if (!writer.file)
        npz_fail("cannot be written", path);
    for (int i = 0; i < 6; i++)
        npz_add(&writer, names[i], numbers + i, 1, 0);
    double *w = room((size_t)m * d);
    for (int j = 0; j < m; j++)
        for (int i = 0; i < d; i++)
            w[j * d + i] = v[i * m + j];
    npz_add(&writer, "w", w, m, d);
    npz_add(&writer, "a", v + (size_t)d * m, m, 0);
    npz_add(&writer, "rho", v + (size_t)(d + 1) * m, m, 0);
    npz_end(&writer);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--version")) {
        char version[64];
        SUNDIALSGetVersion(version, sizeof version);
        puts(version);
        return 0;
    }
    const int adams = argc == 6 && !strncmp(argv[3], "adams", 5), bdf = argc == 6 && !strncmp(argv[3], "bdf", 3);
    if (!adams && !bdf) {
        fputs("usage: cvode_flow problem.npz result.npz adams|bdf|adams-roots|bdf-roots TOLERANCE SECONDS\n", stderr);
        return 2;
    }
    const int with_roots = strstr(argv[3], "-roots") != NULL;
    const double tolerance = atof(argv[4]), limit = atof(argv[5]);

    flow p = { 0 };
    size_t count, width, unknowns;
    const npz problem = npz_read(argv[1]);
    p.y = npz_array(problem, "y", &count);
    p.x = npz_array(problem, "X", &unknowns);
    p.n = count;
    p.d = unknowns / count;
    const double *w = npz_array(problem, "w", &count), *a = npz_array(problem, "a", &width), *rho = npz_array(problem, "rho", &width);
    p.m = width;
    const double end = *npz_array(problem, "time", &count);
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
    set_blocks(v, w, a, rho, p.m, p.d);

    const double start = seconds(CLOCK_MONOTONIC), work = seconds(CLOCK_PROCESS_CPUTIME_ID);
    void *cvode = CVodeCreate(adams ? CV_ADAMS : CV_BDF, context);
    int *found = NULL;
    if (with_roots) {
        p.gate = room((size_t)p.n * p.m);
        found = (int *)room((size_t)p.n * p.m);
        product(p.n, p.d, p.m, p.x, v, p.z);
        for (size_t i = 0; i < (size_t)p.n * p.m; i++)
            p.gate[i] = p.z[i] > 0;
    }
    CVodeInit(cvode, field, 0, state);
    CVodeSStolerances(cvode, tolerance, tolerance);
    CVodeSetUserData(cvode, &p);
    CVodeSetMaxNumSteps(cvode, -1);
    CVodeSetStopTime(cvode, end);
    if (adams)
        CVodeSetNonlinearSolver(cvode, SUNNonlinSol_FixedPoint(state, 0, context));
    else
        CVodeSetLinearSolver(cvode, SUNLinSol_SPGMR(state, SUN_PREC_NONE, 0, context), NULL);
    if (with_roots) {
        CVodeRootInit(cvode, p.n * p.m, roots);
        CVodeSetNoInactiveRootWarn(cvode);
    }

    double t = 0;
    long steps = 0;
    int failed = 0;
    while (t < end && !failed && seconds(CLOCK_PROCESS_CPUTIME_ID) - work < limit) {
        const int outcome = CVode(cvode, end, state, &t, CV_ONE_STEP);
        failed = outcome < 0;
        steps++;
        if (with_roots && !failed) {
            if (outcome == CV_ROOT_RETURN)
                CVodeGetRootInfo(cvode, found);
            if (change_gates(&p, state, outcome == CV_ROOT_RETURN ? found : NULL) && t < end) {
                CVodeReInit(cvode, t, state);
                CVodeSetStopTime(cvode, end);
            }
        }
    }
    const double wall = seconds(CLOCK_MONOTONIC) - start, processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - work;
    const double numbers[] = { t >= end, t, wall, processor, p.evaluations, steps };
    write_result(argv[2], N_VGetArrayPointer(state), p.m, p.d, numbers);
    return 0;
}
