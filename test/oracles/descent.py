"""Steps of gradient descent with momentum, or of Adam, on a one-hidden-layer ReLU network in NumPy, on true weights and given batches.

Standard input: JSON with X (n x d), Y (n x c), W (m x d), A (m x c), loss (squared | cross-entropy), step, batches (a list of samples for each step),
momentum, or beta1, beta2 and epsilon, and perhaps keep (0 or 1 for each weight of W, then of A): weights held at 0. Standard output: JSON with W, A and the loss L of all samples at the end.
"""
import json
import sys

import numpy as np

request = json.load(sys.stdin)
X, Y, W, A = (np.array(request[name], dtype=float) for name in "XYWA")
s, adam = request["step"], "beta1" in request


def residual(f, y):
    if request["loss"] == "squared":
        return y - f
    e = np.exp(f - f.max(axis=1, keepdims=True))
    return y - e / e.sum(axis=1, keepdims=True)


def loss():
    f = np.maximum(X @ W.T, 0) @ A
    if request["loss"] == "squared":
        return ((f - Y) ** 2).sum() / (2 * len(X))
    return (np.log(np.exp(f).sum(axis=1)) - (f * Y).sum(axis=1)).mean()


keep = [np.array(k, dtype=float) for k in request.get("keep", [np.ones_like(W), np.ones_like(A)])]
for p, k in zip((W, A), keep):
    p *= k

theta, memory = [W, A], [[np.zeros_like(p), np.zeros_like(p)] for p in (W, A)]
for t, batch in enumerate(request["batches"], start=1):
    x, y = X[batch], Y[batch]
    z = x @ W.T
    h = np.maximum(z, 0)
    r = residual(h @ A, y) / len(batch)
    gradients = [-((z > 0) * (r @ A.T)).T @ x, -h.T @ r]
    for p, g, k, state in zip(theta, gradients, keep, memory):
        g *= k
        if adam:
            state[0] = request["beta1"] * state[0] + (1 - request["beta1"]) * g
            state[1] = request["beta2"] * state[1] + (1 - request["beta2"]) * g**2
            p -= s * (state[0] / (1 - request["beta1"] ** t)) / (np.sqrt(state[1] / (1 - request["beta2"] ** t)) + request["epsilon"])
        else:
            state[0] = request["momentum"] * state[0] + g
            p -= s * state[0]

print(json.dumps({"W": W.tolist(), "A": A.tolist(), "L": loss()}))
