"""Logistic regression in NumPy alone: loss, gradient and Hessian-vector product."""
import numpy as np

import leeway

rng = np.random.default_rng(0)
x = rng.normal(size=(200, 5))
y = np.sign(x @ [1, -2, 0.5, 0, 1] + 0.3 * rng.normal(size=200))
batches = np.split(np.arange(200), 4)


def gradient(theta, k):
    rows, signs = x[batches[k]], y[batches[k]]
    margin = signs * (rows @ theta)
    return np.logaddexp(0, -margin).mean(), -(rows * (signs / (1 + np.exp(margin)))[:, None]).mean(0)


def product(theta, v, k):
    rows = x[batches[k]]
    p = 1 / (1 + np.exp(-rows @ theta))
    return (rows * (p * (1 - p) * (rows @ v))[:, None]).mean(0)


leeway.serve(leeway.Objective(np.zeros(5), gradient, product, batches=4, name="logistic regression in NumPy"))
