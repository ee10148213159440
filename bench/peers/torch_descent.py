"""Gradient descent in PyTorch as people write it, on a problem given as NPZ: X (n x d), Y (n x c) or labels (n), W (m x d), a (m x c).

Arguments: problem.npz float64|float32 cross-entropy|squared batch|full step threads. Prints the version and the linear algebra in use, then answers
each line of its standard input: "restart"; "steps K" takes K steps and prints the processor seconds of all, then the seconds of each; "loss" prints the mean loss of all samples, whose
squared one is half of MSELoss; "product" prints GFLOP/s of the product of X with the transpose of W.
"""
import os
import sys
import time

import numpy as np
import torch

path, precision, loss_name, batch, step, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(1)
dtype = getattr(torch, precision)
problem = np.load(path)
X = torch.tensor(problem["X"], dtype=dtype)
target = torch.tensor(problem["labels"]).long() if loss_name == "cross-entropy" else torch.tensor(problem["Y"], dtype=dtype)
n, d = X.shape
m, c = problem["a"].shape
size = n if batch == "full" else int(batch)
criterion = torch.nn.CrossEntropyLoss() if loss_name == "cross-entropy" else torch.nn.MSELoss()
# L = (1/2n) sum of squares is half of MSELoss, so that its step is twice as long.
rate = float(step) * (1 if loss_name == "cross-entropy" else 0.5)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(d, m, bias=False, dtype=dtype)
        self.out = torch.nn.Linear(m, c, bias=False, dtype=dtype)
        with torch.no_grad():
            self.hidden.weight.copy_(torch.tensor(problem["W"]))
            self.out.weight.copy_(torch.tensor(problem["a"].T))

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


def restart():
    global net, optimizer, order, place
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    order, place = None, n


def batch_of_step():
    global order, place
    if size == n:
        return X, target
    if place + size > n:
        order, place = torch.randperm(n), 0
    rows = order[place:place + size]
    place += size
    return X[rows], target[rows]


def take_step():
    x, y = batch_of_step()
    optimizer.zero_grad()
    criterion(net(x), y).backward()
    optimizer.step()


def blas():
    with open("/proc/self/maps") as maps:
        names = {os.path.basename(os.path.realpath(line.split()[-1])) for line in maps if "/" in line}
    return next((name for name in sorted(names) if name.startswith("libopenblas")), "another BLAS")


restart()
print(f"PyTorch {torch.__version__} on {blas()}", flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    if command == "restart":
        restart()
        print("done", flush=True)
    elif command == "steps":
        seconds, work = [], time.process_time()
        for _ in range(int(rest[0])):
            start = time.perf_counter()
            take_step()
            seconds.append(time.perf_counter() - start)
        print(time.process_time() - work, *seconds, flush=True)
    elif command == "loss":
        with torch.no_grad():
            loss = criterion(net(X), target).item()
        print(loss if loss_name == "cross-entropy" else loss / 2, flush=True)
    elif command == "product":
        weights = net.hidden.weight.detach()
        start = time.perf_counter()
        X @ weights.T
        print(2 * n * m * d / (time.perf_counter() - start) / 1e9, flush=True)
