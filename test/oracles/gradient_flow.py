"""Gradient flow of a one-hidden-layer ReLU network by SciPy, as an oracle for run directories.

    gradient_flow.py write FOLDER        writes FOLDER/data.npz and FOLDER/start.npz (orthogonal toy, m = 60, lambda = 1e-6)
    gradient_flow.py compare FOLDER RUN  integrates from them and prints the largest deviation from RUN/trajectory.npz

The equations are integrated as they stand, w' = (1/n) sum_k A_k r_k x_k a and a' = (1/n) sum_k A_k r_k <w, x_k>, with the
gates A held fixed between located crossings. Inputs must be orthogonal: then no neuron slides and a gate that has closed
stays closed, so that a crossing needs to be watched for once only.
"""

import sys

import numpy as np
from scipy.integrate import solve_ivp

RTOL, ATOL = 1e-12, 1e-19  # weights start near 1e-7; what is lost there grows by 1e7


def write(folder):
    rng = np.random.default_rng(20)
    width, scale = 60, 1e-6
    x = np.array([[-0.5], [2.0]])
    y = np.array([-1.0, 1.0])
    w = rng.normal(size=(width, 2)) * scale / np.sqrt(width)
    a = np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], size=width)
    np.savez(f"{folder}/data.npz", X=x, y=y)
    np.savez(f"{folder}/start.npz", W=w, a=a)


def flow(x, y, w, a, times):
    """W (s x m x d) and a (s x m) at the increasing times, from (w, a) at time 0."""
    n, width, dim = len(y), len(a), x.shape[1]
    gates = w @ x.T > 0
    state, start = np.concatenate([w.ravel(), a]), 0.0
    saved = np.empty((len(times), state.size))
    filled = 0

    def split(v):
        return v[: width * dim].reshape(width, dim), v[width * dim :]

    def field(_, v):
        wv, av = split(v)
        z = wv @ x.T
        r = y - av @ (gates * z)
        weighted = gates * r / n
        return np.concatenate([(weighted @ x * av[:, None]).ravel(), (weighted * z).sum(axis=1)])

    def watch(j, k):
        def pre_activation(_, v):
            return v[j * dim : (j + 1) * dim] @ x[k]

        pre_activation.terminal, pre_activation.direction = True, -1
        return pre_activation

    while filled < len(times):
        open_gates = [(j, k) for j in range(width) for k in range(n) if gates[j, k]]
        left = times[filled:]
        solution = solve_ivp(
            field, (start, times[-1]), state, method="DOP853", rtol=RTOL, atol=ATOL, t_eval=left, events=[watch(j, k) for j, k in open_gates]
        )
        if solution.status < 0:
            raise RuntimeError(solution.message)
        saved[filled : filled + len(solution.t)] = np.reshape(solution.y, (state.size, -1)).T
        filled += len(solution.t)
        if solution.status == 0:
            break
        for pair, hits, states in zip(open_gates, solution.t_events, solution.y_events):
            if len(hits):
                gates[pair] = False
                start, state = hits[-1], states[-1]

    return saved[:, : width * dim].reshape(-1, width, dim), saved[:, width * dim :]


def compare(folder, run):
    data, first = np.load(f"{folder}/data.npz"), np.load(f"{folder}/start.npz")
    trajectory = np.load(f"{run}/trajectory.npz")
    x = np.column_stack([data["X"], np.ones(len(data["y"]))])
    times = trajectory["t"]
    w, a = flow(x, data["y"], first["W"], first["a"], times[times > 0])
    scale = np.exp(trajectory["log_scale"])[times > 0]
    theirs_w = scale[:, :, None] * trajectory["W"][times > 0]
    theirs_a = scale * trajectory["a"][times > 0, :, 0]
    outputs = np.einsum("sm,smn->sn", a, np.maximum(w @ x.T, 0))
    loss = ((outputs - data["y"]) ** 2).sum(axis=1) / (2 * len(data["y"]))
    print(f"times {len(times)}")
    print(f"weights {max(np.abs(theirs_w - w).max(), np.abs(theirs_a - a).max()):.3e}")
    print(f"loss {np.abs(trajectory['loss'][times > 0] - loss).max():.3e}")


if __name__ == "__main__":
    {"write": write, "compare": compare}[sys.argv[1]](*sys.argv[2:])
