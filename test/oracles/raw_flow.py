"""Gradient flow of a one-hidden-layer ReLU network by SciPy on the raw equations w' = D a, a' = D^T w.

Standard input: JSON with X (n x d), Y (n x c), W (m x d), A (m x c), time, and orthogonal (true: closed gates stay closed).
Standard output: JSON with W, A, events [[t, j, k, open]] and slide [t, j, k] or null.
Squared loss, L = (1/2n) sum |f - y|^2. The gates are carried; every gate is a terminal event of its own.
"""
import json
import sys

import numpy as np
from scipy.integrate import solve_ivp

request = json.load(sys.stdin)
X, Y, W, A = (np.array(request[name], dtype=float) for name in "XYWA")
n, d = X.shape
m, c = A.shape
gates = (W @ X.T) > 0


def split(v):
    return v[: m * d].reshape(m, d), v[m * d :].reshape(m, c)


def residual(W, A, gates):
    return Y - (gates * (W @ X.T)).T @ A


def velocity(t, v):
    W, A = split(v)
    r = residual(W, A, gates)
    D = np.einsum("jk,kd,kc->jdc", gates, X, r) / n
    return np.concatenate([np.einsum("jdc,jc->jd", D, A).ravel(), np.einsum("jdc,jd->jc", D, W).ravel()])


def guard(j, k):
    def z(t, v):
        return split(v)[0][j] @ X[k]

    z.terminal = True
    z.direction = -1 if gates[j, k] else 1
    return z


def slope(W, A, j, k, open):
    """Velocity of <w_j, x_k> on one side of the boundary."""
    side = gates.copy()
    side[j, k] = open
    D = np.einsum("k,kd,kc->dc", side[j], X, residual(W, A, gates)) / n
    return X[k] @ D @ A[j]


v = np.concatenate([W.ravel(), A.ravel()])
t, end = 0.0, float(request["time"])
events, slide = [], None
while t < end:
    watched = [(j, k) for j in range(m) for k in range(n) if gates[j, k] or (gates[j].any() and not request["orthogonal"])]
    solution = solve_ivp(velocity, (t, end), v, method="DOP853", rtol=1e-12, atol=1e-17, events=[guard(j, k) for j, k in watched])
    t, v = solution.t[-1], solution.y[:, -1]
    if solution.status != 1:
        break
    j, k = next(pair for pair, times in zip(watched, solution.t_events) if len(times))
    W, A = split(v)
    now = bool(gates[j, k])
    if slope(W, A, j, k, True) < 0 < slope(W, A, j, k, False) and not request["orthogonal"]:
        slide = [t, j, k]
        break
    gates[j, k] = not now
    events.append([t, j, k, not now])

W, A = split(v)
json.dump({"W": W.tolist(), "A": A.tolist(), "events": events, "slide": slide}, sys.stdout)
