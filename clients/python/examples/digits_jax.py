"""A network in JAX on the rows that `leeway check examples/digits-mlp.yaml --npz digits.npz` writes."""
import sys

import jax
import jax.numpy as jnp
import numpy as np

import leeway

jax.config.update("jax_enable_x64", True)
file = np.load(sys.argv[1])
x, y = jnp.asarray(file["x"], jnp.float64), jnp.asarray(file["y"])
keys = jax.random.split(jax.random.key(0), 3)
params = [{"w": jax.random.normal(k, (m, n)) / np.sqrt(m), "b": jnp.zeros(n)}
          for k, m, n in zip(keys, (64, 32, 32), (32, 32, 10))]


def loss(params, batch):
    x, y = batch
    for layer in params[:-1]:
        x = jnp.tanh(x @ layer["w"] + layer["b"])
    logits = x @ params[-1]["w"] + params[-1]["b"]
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()


leeway.serve(leeway.from_jax(loss, params, [(x, y)]))
