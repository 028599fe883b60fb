#!/usr/bin/env python3
"""Adam on the bilinear toy in PyTorch: 5,000 steps on two parameters.

The same work as BenchmarkAdamToy in package optim, for a ratio in one run:
bench/toy.sh. Prints the median of five runs in milliseconds.
"""
import statistics
import time

import torch

torch.set_num_threads(1)  # two parameters: more threads only cost


def run():
    theta = torch.tensor([2.8, 3.5], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=1e-3, betas=(0.9, 0.99))
    for _ in range(5000):
        optimizer.zero_grad()
        (0.5 * (1.5 - 2 * theta[0] * theta[1]) ** 2).backward()
        optimizer.step()


run()
times = []
for _ in range(5):
    start = time.perf_counter()
    run()
    times.append(1e3 * (time.perf_counter() - start))
print(f"{statistics.median(times):.3f}")
