#!/usr/bin/env python3
"""The work of `leeway bench` in PyTorch, for a ratio in one run: bench/compare.sh.

    peer.py mlp|cnn|gemm|step [float32|float64]

mlp and cnn are the networks of examples/bench-mlp.yaml and bench-cnn.yaml, on
normal inputs with random classes. Timed are the gradient of the loss, and the
gradient together with one Hessian-vector product by double backward. gemm is a
product of two matrices of 1024 x 1024. step is a step of Adam over 10 million
parameters, in the fastest of the ways that this version of PyTorch has. THREADS
sets the number of threads.
Prints one JSON object; times are medians in milliseconds.
"""
import json
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F


def median_ms(work, repetitions):
    work()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def weight(dtype, *shape):
    inputs = torch.Size(shape[1:]).numel()
    return (torch.randn(*shape, dtype=dtype) / inputs ** 0.5).requires_grad_()


def bias(dtype, size):
    return torch.zeros(size, dtype=dtype).requires_grad_()


def mlp(dtype):
    """784-128-128-10, tanh, 2,000 rows."""
    x, y = torch.randn(2000, 784, dtype=dtype), torch.randint(10, (2000,))
    layers = [(weight(dtype, o, i), bias(dtype, o)) for i, o in ((784, 128), (128, 128), (128, 10))]

    def loss():
        h = x
        for w, b in layers[:-1]:
            h = torch.tanh(F.linear(h, w, b))
        return F.cross_entropy(F.linear(h, *layers[-1]), y)

    return loss, [p for layer in layers for p in layer], 21


def cnn(dtype):
    """Images of 3 x 32 x 32: two 3x3 convolutions of 32, 64, 128 channels before
    each of three pools, a dense layer of 512, ReLU, 256 rows."""
    x, y = torch.randn(256, 3, 32, 32, dtype=dtype), torch.randint(10, (256,))
    channels = (3, 32, 32, 64, 64, 128, 128)
    convolutions = [(weight(dtype, o, i, 3, 3), bias(dtype, o)) for i, o in zip(channels, channels[1:])]
    dense = [(weight(dtype, o, i), bias(dtype, o)) for i, o in ((128 * 4 * 4, 512), (512, 10))]

    def loss():
        h = x
        for k, (w, b) in enumerate(convolutions):
            h = torch.relu(F.conv2d(h, w, b, padding=1))
            if k % 2 == 1:
                h = F.max_pool2d(h, 2)
        h = torch.relu(F.linear(h.flatten(1), *dense[0]))
        return F.cross_entropy(F.linear(h, *dense[1]), y)

    return loss, [p for layer in convolutions + dense for p in layer], 3


def network(build, dtype):
    loss, parameters, repetitions = build(dtype)
    direction = [torch.randn_like(p) for p in parameters]

    def gradient():
        torch.autograd.grad(loss(), parameters)

    def product():
        g = torch.autograd.grad(loss(), parameters, create_graph=True)
        torch.autograd.grad(g, parameters, grad_outputs=direction)

    return {"gradient_ms": median_ms(gradient, repetitions), "hvp_ms": median_ms(product, repetitions)}


def gemm(dtype):
    a, b = torch.randn(1024, 1024, dtype=dtype), torch.randn(1024, 1024, dtype=dtype)
    return {"gemm_gflops": 2 * 1024 ** 3 / median_ms(lambda: a @ b, 21) / 1e6}


def step(dtype):
    times = {}
    for way in ({"foreach": False}, {"foreach": True}, {"fused": True}):
        p = torch.randn(10_000_000, dtype=dtype).requires_grad_()
        p.grad = torch.randn_like(p)
        try:
            adam = torch.optim.Adam([p], lr=1e-4, **way)
            adam.step()
        except (TypeError, RuntimeError):  # not in this version, or not on a CPU
            continue
        times["=".join(map(str, *way.items()))] = median_ms(adam.step, 21)
    return {"step_ms": min(times.values()), "ways": times}


def main(what="mlp", dtype="float32"):
    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ.get("THREADS", os.cpu_count())))
    kind = getattr(torch, dtype)
    alone = {"gemm": gemm, "step": step}
    numbers = alone[what](kind) if what in alone else network({"mlp": mlp, "cnn": cnn}[what], kind)
    print(json.dumps({"what": what, "dtype": dtype, "torch": torch.__version__, "threads": torch.get_num_threads(), **numbers}))


if __name__ == "__main__":
    main(*sys.argv[1:])
