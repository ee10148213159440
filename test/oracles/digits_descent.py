"""The experiment digits-first-look in NumPy, for the ranges of experiments/digits-first-look.expect.yaml.

    digits_descent.py [DRAWS]    (default 20) one line a draw of images and start: plateau end, loss, held-out accuracy, strong neurons
"""

import gzip
import pathlib
import sys

import numpy as np

DIGITS = pathlib.Path(__file__).parents[2] / "src/ReluFlow.Experiments/Data/digits.csv.gz"
WIDTH, SAMPLES, SCALE, STEP, TIME = 50, 100, 1e-6, 0.02, 60


def descend(pixels, labels, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    x = np.column_stack([pixels[order] / 16, np.ones(len(labels))])
    y = np.where(labels[order] == 3, 1.0, -1.0)
    held_out_x, held_out_y, x, y = x[SAMPLES:], y[SAMPLES:], x[:SAMPLES], y[:SAMPLES]
    w = rng.normal(size=(WIDTH, x.shape[1])) * SCALE / np.sqrt(WIDTH * (x.shape[1] - 1))
    a = np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], WIDTH)
    plateau_end = None
    for step in range(round(TIME / STEP) + 1):
        z = w @ x.T
        residual = y - a @ np.maximum(z, 0)
        loss = (residual**2).mean() / 2
        if plateau_end is None and loss < 0.9 * 0.5:
            plateau_end = step * STEP
        gated = (z > 0) * residual / SAMPLES
        w, a = w + STEP * (gated @ x) * a[:, None], a + STEP * (gated * z).sum(axis=1)

    accuracy = (np.sign(a @ np.maximum(w @ held_out_x.T, 0)) == held_out_y).mean()
    products = np.abs(a) * np.linalg.norm(w, axis=1)
    return plateau_end, loss, accuracy, (products >= 1e-3 * products.max()).sum()


if __name__ == "__main__":
    table = np.loadtxt(gzip.open(DIGITS), delimiter=",")
    table = table[np.isin(table[:, -1], [3, 8])]
    for seed in range(1, int(sys.argv[1]) + 1 if len(sys.argv) > 1 else 21):
        print("plateau end %.2f  loss %.4f  held out %.3f  strong %d" % descend(table[:, :-1], table[:, -1], seed))
