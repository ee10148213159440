"""Pull, growth rate, joint cosine and growing amplitude of each neuron for the squared loss, by numpy.linalg.svd of its gated residual correlation.

Reads {x, y, w, a, log_scale} as JSON, writes one object a neuron.
"""
import json
import sys

import numpy as np

request = {key: np.array(value, dtype=float) for key, value in json.load(sys.stdin).items()}
scale = np.exp(request["log_scale"])[:, None]
x, y, w, a = request["x"], request["y"], scale * request["w"], scale * request["a"]
open_gates = (w @ x.T > 0).astype(float)
residual = y - (np.maximum(w @ x.T, 0)).T @ a
result = []
for j in range(len(w)):
    m = residual.T @ (open_gates[j][:, None] * x) / len(x)
    left, values, right = np.linalg.svd(m)
    u, v = w[j] / np.linalg.norm(w[j]), a[j] / np.linalg.norm(a[j])
    result.append({
        "active": int(open_gates[j].sum()),
        "pull": values[0],
        "growth": v @ m @ u,
        "cosine": abs(left[:, 0] @ v + right[0] @ u) - 1,
        "amplitude": abs(left[:, 0] @ a[j] + right[0] @ w[j]),
    })
json.dump(result, sys.stdout)
