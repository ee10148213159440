"""Gradient flow of a one-hidden-layer ReLU network under logistic loss or cross-entropy, by SciPy's DOP853 on w' = D a, a' = D^T w.

Standard input: JSON with X (n x d), Y (n x c), W (m x d), A (m x c), times and loss (logistic | cross-entropy).
Standard output: JSON with W and A (one entry a time), L, and changed: whether a gate changed, where this smooth solve says nothing.
"""
import json
import sys

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import expit, log_softmax, softmax

request = json.load(sys.stdin)
X, Y, W, A = (np.array(request[name], dtype=float) for name in "XYWA")
(n, d), (m, c) = X.shape, A.shape
logistic = request["loss"] == "logistic"


def split(v):
    return v[: m * d].reshape(m, d), v[m * d :].reshape(m, c)


def output(v):
    W, A = split(v)
    return np.maximum(X @ W.T, 0) @ A


def velocity(t, v):
    W, A = split(v)
    z, f = X @ W.T, output(v)
    r = (Y * expit(-Y * f) if logistic else Y - softmax(f, axis=1)) / n
    return np.concatenate([(((z > 0) * (r @ A.T)).T @ X).ravel(), (np.maximum(z, 0).T @ r).ravel()])


def loss(v):
    f = output(v)
    return (np.logaddexp(0, -Y * f).sum() if logistic else -(Y * log_softmax(f, axis=1)).sum()) / n


times = request["times"]
solution = solve_ivp(velocity, (0, times[-1]), np.concatenate([W.ravel(), A.ravel()]), "DOP853", dense_output=True, rtol=1e-12, atol=1e-13)
points = [solution.sol(t) for t in times]
gates = [split(v)[0] @ X.T > 0 for v in solution.y.T]
print(json.dumps({
    "W": [split(v)[0].tolist() for v in points],
    "A": [split(v)[1].tolist() for v in points],
    "L": [loss(v) for v in points],
    "changed": bool(any((g != gates[0]).any() for g in gates)),
}))
