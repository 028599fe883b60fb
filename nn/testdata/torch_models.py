"""The architectures of package nn in PyTorch, one function each.

A function takes the parameters as a dict of tensors by name (the names of the
package's tables, which are those of the usual PyTorch modules), the inputs x
(rows [N features], images [N C H W], tokens [N T]) and what the architecture's
settings say, and returns the logits. Sizes are read off the parameters. Written
for comparing loss, gradient and Hessian-vector product by double backward, so
everything is functional.
"""
import math

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "identity": lambda x: x,
}


def linear(p, name, x):
    return F.linear(x, p[name + ".weight"], p.get(name + ".bias"))


def layer_norm(p, name, x):
    # Written out: PyTorch's fused layer norm has second derivatives, but those of
    # third order have been wrong.
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + 1e-5) * p[name + ".weight"] + p[name + ".bias"]


def batch_norm(p, name, x, running=None):
    """Batch statistics, or running ones: a dict of tensors by name."""
    if running is None:
        mean = x.mean((0, 2, 3))
        variance = x.var((0, 2, 3), unbiased=False)
    else:
        mean, variance = running[name + ".running_mean"], running[name + ".running_var"]
    shape = (1, -1, 1, 1)
    x = (x - mean.view(shape)) / torch.sqrt(variance + 1e-5).view(shape)
    return x * p[name + ".weight"].view(shape) + p[name + ".bias"].view(shape)


def mlp(p, x, activation="relu"):
    """nn.Sequential(Linear, activation, ..., Linear): 0, 2, 4, ..."""
    act, x, i = ACTIVATIONS[activation], x.flatten(1), 0
    while f"{i + 2}.weight" in p:
        x, i = act(linear(p, str(i), x)), i + 2
    return linear(p, str(i), x)


def cnn(p, x, activation="relu"):
    """features: (conv, act, conv, act, pool) x blocks; classifier: linear, act, linear."""
    act, block = ACTIVATIONS[activation], 0
    while f"features.{5 * block}.weight" in p:
        for i in (5 * block, 5 * block + 2):
            x = act(F.conv2d(x, p[f"features.{i}.weight"], p[f"features.{i}.bias"], padding=1))
        x, block = F.max_pool2d(x, 2), block + 1
    return linear(p, "classifier.2", act(linear(p, "classifier.0", x.flatten(1))))


def lenet(p, x, activation="relu"):
    """(conv 5x5, act, pool) x blocks; linear, act, linear."""
    act, block = ACTIVATIONS[activation], 1
    while f"conv{block}.weight" in p:
        x = F.max_pool2d(act(F.conv2d(x, p[f"conv{block}.weight"], p[f"conv{block}.bias"], padding=2)), 2)
        block += 1
    return linear(p, "fc2", act(linear(p, "fc1", x.flatten(1))))


def resnet(p, x, activation="relu", running=None):
    """torchvision's ResNet with a 3x3 stem of stride 1 and no max pool."""
    act = ACTIVATIONS[activation]

    def conv_norm(x, conv, norm, stride=1):
        w = p[conv + ".weight"]
        return batch_norm(p, norm, F.conv2d(x, w, stride=stride, padding=w.shape[-1] // 2), running)

    x = act(conv_norm(x, "conv1", "bn1"))
    stage = 1
    while f"layer{stage}.0.conv1.weight" in p:
        block = 0
        while f"layer{stage}.{block}.conv1.weight" in p:
            at = f"layer{stage}.{block}."
            stride = 2 if stage > 1 and block == 0 else 1
            if at + "conv3.weight" in p:  # a bottleneck
                y = act(conv_norm(x, at + "conv1", at + "bn1"))
                y = act(conv_norm(y, at + "conv2", at + "bn2", stride))
                y = conv_norm(y, at + "conv3", at + "bn3")
            else:
                y = act(conv_norm(x, at + "conv1", at + "bn1", stride))
                y = conv_norm(y, at + "conv2", at + "bn2")
            if at + "downsample.0.weight" in p:
                x = conv_norm(x, at + "downsample.0", at + "downsample.1", stride)
            x, block = act(x + y), block + 1
        stage += 1
    return linear(p, "fc", x.mean((2, 3)))


def attention(qkv, heads, causal):
    n, t, inner = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    q, k, v = (a.view(n, t, heads, inner // heads).transpose(1, 2) for a in qkv.chunk(3, dim=-1))
    scores = q @ k.transpose(-1, -2) / math.sqrt(inner // heads)
    if causal:
        scores = scores.masked_fill(~torch.ones(t, t).tril().bool(), float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, inner)


def sin_cos_positions(rows, columns, dim, like):
    omega = 10000 ** -(torch.arange(dim // 4, dtype=like.dtype) / (dim // 4 - 1))
    y = torch.arange(rows, dtype=like.dtype).repeat_interleave(columns)[:, None] * omega
    x = torch.arange(columns, dtype=like.dtype).repeat(rows)[:, None] * omega
    return torch.cat((x.sin(), x.cos(), y.sin(), y.cos()), dim=1)


def simple_vit(p, x, heads=16):
    """vit-pytorch's SimpleViT; the patch follows from the width of its norm."""
    n, c, h, w = x.shape
    s = math.isqrt(p["to_patch_embedding.1.weight"].shape[0] // c)
    x = x.view(n, c, h // s, s, w // s, s).permute(0, 2, 4, 3, 5, 1).reshape(n, (h // s) * (w // s), s * s * c)
    x = layer_norm(p, "to_patch_embedding.1", x)
    x = layer_norm(p, "to_patch_embedding.3", linear(p, "to_patch_embedding.2", x))
    x = x + sin_cos_positions(h // s, w // s, x.shape[-1], x)
    block = 0
    while f"transformer.layers.{block}.0.norm.weight" in p:
        at = f"transformer.layers.{block}."
        y = attention(linear(p, at + "0.to_qkv", layer_norm(p, at + "0.norm", x)), heads, False)
        x = x + linear(p, at + "0.to_out", y)
        y = F.gelu(linear(p, at + "1.net.1", layer_norm(p, at + "1.net.0", x)))
        x, block = x + linear(p, at + "1.net.3", y), block + 1
    return linear(p, "linear_head", layer_norm(p, "transformer.norm", x).mean(1))


def transformer(p, x, heads=4):
    """A GPT-2 in nanoGPT's names; without lm_head.weight the head is tied."""
    h = F.embedding(x, p["wte.weight"]) + p["wpe.weight"]
    block = 0
    while f"h.{block}.ln_1.weight" in p:
        at = f"h.{block}."
        y = attention(linear(p, at + "attn.c_attn", layer_norm(p, at + "ln_1", h)), heads, True)
        h = h + linear(p, at + "attn.c_proj", y)
        y = F.gelu(linear(p, at + "mlp.c_fc", layer_norm(p, at + "ln_2", h)))
        h, block = h + linear(p, at + "mlp.c_proj", y), block + 1
    return F.linear(layer_norm(p, "ln_f", h), p.get("lm_head.weight", p["wte.weight"]))


def loss(name, logits, y):
    """Mean over examples (tokens); y holds classes."""
    logits, y = logits.flatten(0, -2), y.flatten()
    if name == "cross-entropy":
        return F.cross_entropy(logits, y)
    if name == "mse":
        return ((logits - F.one_hot(y, logits.shape[1])) ** 2).sum(1).mean()
    margin = logits[:, 0] * (2 * y - 1)
    return (F.softplus(-margin) if name == "logistic" else torch.exp(-margin)).mean()
