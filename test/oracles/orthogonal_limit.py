"""Where a general-purpose ODE solver ends on orthogonal inputs when the gates are read off the sign of the pre-activations.

Standard input: JSON with X (n x d), y (n), W (m x d), a (m), log_scale (m), time, method (a name of scipy.integrate.solve_ivp) and rtol.
Standard output: JSON with squared_norm (of all weights), loss and evaluations.

Coordinates of neuron j: rho_j, u_j, s_j with w_j = exp(rho_j) u_j and a_j = exp(rho_j) s_j; the log scale takes the growth of the neuron, so that no weight is too small
for the tolerances. A gate that is closed leaves <w, x> where it was, at -1e-20 say, while w grows to order one: the sign of the computed product is then rounding.
"""
import json
import sys

import numpy as np
from scipy.integrate import solve_ivp

request = json.load(sys.stdin)
X, y, W, a, rho = (np.array(request[name], dtype=float) for name in ("X", "y", "W", "a", "log_scale"))
n, d = X.shape
m = len(a)
evaluations = 0


def split(v):
    return v[:m], v[m : m + m * d].reshape(m, d), v[m + m * d :]


def outputs(rho, U, s, Z):
    return (np.maximum(Z, 0) * (s * np.exp(2 * np.minimum(rho, 50)))[:, None]).sum(axis=0)


def velocity(t, v):
    global evaluations
    evaluations += 1
    rho, U, s = split(v)
    Z = U @ X.T
    r = y - outputs(rho, U, s, Z)
    D = ((Z > 0) * r) @ X / n
    p = (D * U).sum(axis=1)

    # Growth of the size ||(u, s)||, which is kept where it is by taking it into rho.
    growth = 2 * p * s / ((U * U).sum(axis=1) + s * s)
    return np.concatenate([growth, (D * s[:, None] - growth[:, None] * U).ravel(), p - growth * s])


start = np.concatenate([rho, W.ravel(), a])
solution = solve_ivp(velocity, (0, request["time"]), start, method=request["method"], rtol=request["rtol"], atol=request["rtol"] * 1e-2)
rho, U, s = split(solution.y[:, -1])
residual = y - outputs(rho, U, s, U @ X.T)
json.dump({
    "squared_norm": float((np.exp(2 * rho) * ((U * U).sum(axis=1) + s * s)).sum()),
    "loss": float(residual @ residual / (2 * n)),
    "evaluations": evaluations,
    "success": bool(solution.success),
}, sys.stdout)
