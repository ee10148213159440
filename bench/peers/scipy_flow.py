"""Gradient flow by SciPy's solvers of initial value problems, in the weights themselves, gates read off the sign of z = <w, x>.

Arguments: problem.npz result.npz RK45|DOP853|LSODA|Radau TOLERANCE SECONDS, the last a limit of processor time. TOLERANCE is relative; the absolute one is TOLERANCE times the
median size of a neuron at the start, without which a small start would not be resolved. The solvers are driven as solve_ivp drives them, step by step and without dense
output, so that a run can be ended at its limit. Stiff ones get the exact Jacobian.

Right side and Jacobian run on whole arrays in float64; threads are those of the linear algebra (OPENBLAS_NUM_THREADS). State, one block of m a coordinate: w (d blocks), a.
  w' = a D, a' = <w, D>, D = sum over active samples of b x, b = (y - f) / n.
"""
import sys

import numpy as np
from scipy.integrate import DOP853, LSODA, RK45, Radau

from exchange import Clock, Late, read, write

SOLVERS = {"RK45": RK45, "DOP853": DOP853, "LSODA": LSODA, "Radau": Radau}

# Beyond this many unknowns LSODA's dense Jacobian would take gigabytes; it then gets a diagonal one, which only its stiff phases use.
DENSE = 10_000


class Flow:
    """The right side and its Jacobian on a problem; both watch the clock."""

    def __init__(self, problem, clock):
        self.X, self.y, self.clock = problem["X"], problem["y"], clock
        self.Xt = np.ascontiguousarray(self.X.T)
        (self.n, self.d), self.m = self.X.shape, len(problem["a"])
        self.Z = np.empty((self.n, self.m))

    def blocks(self, state):
        v = state.reshape(self.d + 1, self.m)
        return v[:self.d], v[self.d]

    def field(self, t, state):
        self.clock.check()
        w, a = self.blocks(state)
        Z = np.matmul(self.X, w, out=self.Z)
        np.maximum(Z, 0, out=Z)
        b = (self.y - Z @ a) / self.n
        D = self.Xt @ ((Z > 0) * b[:, None])
        out = np.empty((self.d + 1, self.m))
        np.multiply(D, a, out=out[:-1])
        out[-1] = np.einsum("ij,ij->j", w, D)
        return out.ravel()

    def jacobian(self, t, state):
        """A neuron's own block at fixed b, and through b a product of n columns, its effect, with n rows, its derivative."""
        self.clock.check()
        n, d, m = self.n, self.d, self.m
        w, a = self.blocks(state)
        z = self.X @ w
        gates = (z > 0) * 1.0
        b = (self.y - (gates * z) @ a) / n
        D = self.Xt @ (gates * b[:, None])
        pull = self.Xt[:, None, :] * gates.T[None]
        effect = np.concatenate([a[:, None] * pull, np.einsum("ij,ijk->jk", w, pull)[None]])
        derivative = np.concatenate([(pull * a[:, None]).transpose(2, 0, 1), (gates * z)[:, None]], axis=1) / -n
        J = (effect.reshape(-1, n) @ derivative.reshape(n, -1)).reshape(d + 1, m, d + 1, m)
        j = np.arange(m)
        for i in range(d):
            J[i, j, d, j] += D[i]
            J[d, j, i, j] += D[i]
        return J.reshape(len(state), len(state))


def main(path, result, method, tolerance, limit):
    problem, tolerance = read(path), float(tolerance)
    scale, end = np.exp(problem["rho"]), float(problem["time"])
    start = np.concatenate([(problem["w"] * scale[:, None]).T.ravel(), problem["a"] * scale])
    clock = Clock(float(limit))
    flow = Flow(problem, clock)
    options = {"rtol": tolerance, "atol": tolerance * np.median(np.hypot(np.linalg.norm(problem["w"], axis=1), problem["a"]) * scale)}
    if method in ("LSODA", "Radau"):
        options |= {"jac": flow.jacobian} if len(start) <= DENSE else {"lband": 0, "uband": 0}

    solver, steps = None, 0
    # Trial points may overflow; the solver rejects them.
    with np.errstate(all="ignore"):
        try:
            solver = SOLVERS[method](flow.field, 0.0, start, end, **options)
            while solver.status == "running":
                solver.step()
                steps += 1
        except Late:
            pass

    state, t, evaluations = (start, 0.0, 0) if solver is None else (solver.y, solver.t, solver.nfev)
    w, a = flow.blocks(np.asarray(state))
    write(result, t >= end, t, clock, evaluations, steps, lambda: (w.T, a, np.zeros(len(a))))


if __name__ == "__main__":
    main(*sys.argv[1:])
