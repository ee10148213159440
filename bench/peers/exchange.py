"""What the Python peers have in common: a problem read and a result written as NPZ.

problem.npz: X (n x d, a column of ones where there is a bias), y (n), w (m x d), a (m), rho (m), time. The true weights of neuron j are e^rho_j (w_j, a_j).
result.npz:  reached (1 or 0), time, wall and processor seconds of the solve alone, evaluations of the gradient, steps, and w, a, rho at that time.
"""
import time

import numpy as np


class Late(Exception):
    """The limit of processor time is over."""


class Clock:
    """Times a solve and ends it at its limit of processor seconds."""

    def __init__(self, limit):
        self.limit = limit
        self.start, self.work = time.perf_counter(), time.process_time()

    def check(self):
        if self.processor() > self.limit:
            raise Late

    def wall(self):
        return time.perf_counter() - self.start

    def processor(self):
        return time.process_time() - self.work


def read(path):
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def write(path, reached, t, clock, evaluations, steps, weights):
    """Weights are (w, a, rho). The clock is read by the caller's last step: nothing but this comes after it."""
    wall, processor = clock.wall(), clock.processor()
    w, a, rho = weights()
    np.savez(path, reached=float(reached), time=float(t), wall=wall, processor=processor, evaluations=float(evaluations), steps=float(steps),
             w=np.ascontiguousarray(w, dtype=np.float64), a=np.asarray(a, dtype=np.float64), rho=np.asarray(rho, dtype=np.float64))
