"""Golden paths of every optimizer, from implementations independent of leeway.

Run as `python3 golden.py > golden.json` (it needs torch; 1.13 made the stored
file). Each case is one hundred steps on Rosenbrock's function

    100 (y - x^2)^2 + (1 - x)^2   from (-1.2, 1),

written down at a few steps. Three implementations stand behind every number:

1. the published update rule, straight line by line, in 60-digit decimal
   arithmetic, each hyperparameter being the exact value of its double. The
   stored numbers are these, rounded once to double;
2. the same lines in double precision. That the two agree to FLOAT_TOLERANCE
   shows that the path does not amplify rounding, so that a tolerance of 1e-12
   in a test is about formulas and not about luck;
3. torch.optim, on gradients by autograd, where PyTorch has the optimizer in the
   same convention: SGD, its momentum (Polyak's form), Nesterov, RMSprop
   (uncorrected, eps outside), Adam and AdamW (corrected, eps outside), and L2 as
   their weight_decay. It has to agree to TORCH_TOLERANCE. torch.optim.NAdam
   cannot be matched: it schedules beta1 and divides the two terms of the
   numerator by different products, at any setting.

Rules with a sign are piecewise constant: the script asserts that every argument
of a sign is further from zero than SIGN_MARGIN, so that rounding cannot choose.
"""

import json
import math
from decimal import Decimal, getcontext

import torch

getcontext().prec = 60

STEPS = 100
CHECKPOINTS = (1, 2, 5, 10, 50, 100)
START = (-1.2, 1.0)
FLOAT_TOLERANCE = 2e-14
TORCH_TOLERANCE = 2e-14
SIGN_MARGIN = 1e-3

smallest_sign_argument = math.inf


class Numbers:
    """Arithmetic in Decimal or in float, chosen once for a run."""

    def __init__(self, of):
        self.of = of

    def sqrt(self, x):
        return x.sqrt() if self.of is Decimal else math.sqrt(x)

    def sign(self, x):
        global smallest_sign_argument
        smallest_sign_argument = min(smallest_sign_argument, abs(float(x)))
        return self.of((x > 0) - (x < 0))


def gradient(theta):
    x, y = theta
    return [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]


# One function per published rule. Each is called for one coordinate with its
# state (a dict that starts empty), parameter t, gradient g, step number n = 1,
# 2, ..., and returns the new parameter. `o` holds the hyperparameters.


def gd(k, o, s, t, g, n):
    return t - o.lr * (g + o.weight_decay * t)


def heavy_ball(k, o, s, t, g, n):
    m = s.get("m", 0)
    if o.form == "ema":
        m = o.beta * m + (1 - o.beta) * g
        # The weights of a constant gradient sum to 1 - beta^n.
        step = m / (1 - o.beta**n) if o.bias_correction else m
    else:
        m = o.beta * m + g
        # ... and here to 1 + beta + ... + beta^(n-1).
        step = m / sum(o.beta**j for j in range(n)) if o.bias_correction else m
    s["m"] = m
    return t - o.lr * (step + o.weight_decay * t)


def nesterov(k, o, s, t, g, n):
    s["m"] = o.beta * s.get("m", 0) + g
    return t - o.lr * (g + o.beta * s["m"] + o.weight_decay * t)


def adaptive(k, o, s, t, g, n, numerator):
    """numerator / root of the average of g^2, in each convention of eps."""
    s["v"] = o.beta2 * s.get("v", 0) + (1 - o.beta2) * g * g
    v, lr = s["v"], o.lr
    if o.eps_mode == "inside":  # arXiv 2309.00079
        if o.bias_correction:
            v = v / (1 - o.beta2**n)
        denominator = k.sqrt(v + o.eps)
    elif o.eps_mode == "outside":  # Kingma and Ba, Algorithm 1; PyTorch
        if o.bias_correction:
            v = v / (1 - o.beta2**n)
        denominator = k.sqrt(v) + o.eps
    else:  # Kingma and Ba, end of section 2 ("epsilon hat"); TensorFlow
        if o.bias_correction:
            lr = lr * k.sqrt(1 - o.beta2**n)
        denominator = k.sqrt(v) + o.eps
    return t - lr * numerator / denominator - o.lr * o.weight_decay * t


def rmsprop(k, o, s, t, g, n):
    return adaptive(k, o, s, t, g, n, g)


def adam(k, o, s, t, g, n):
    s["m"] = o.beta1 * s.get("m", 0) + (1 - o.beta1) * g
    m = s["m"] / (1 - o.beta1**n) if o.bias_correction else s["m"]
    return adaptive(k, o, s, t, g, n, m)


def nadam(k, o, s, t, g, n):
    s["m"] = o.beta1 * s.get("m", 0) + (1 - o.beta1) * g
    m = o.beta1 * s["m"] + (1 - o.beta1) * g
    if o.bias_correction:
        m = m / (1 - o.beta1 ** (n + 1))
    return adaptive(k, o, s, t, g, n, m)


def sign_gd(k, o, s, t, g, n):
    return t - o.lr * (k.sign(g) + o.weight_decay * t)


def signum(k, o, s, t, g, n):
    s["m"] = o.beta * s.get("m", 0) + (1 - o.beta) * g
    return t - o.lr * (k.sign(s["m"]) + o.weight_decay * t)


def lion(k, o, s, t, g, n):  # Chen et al. 2023, Program 1
    m = s.get("m", 0)
    update = k.sign(o.beta1 * m + (1 - o.beta1) * g)
    s["m"] = o.beta2 * m + (1 - o.beta2) * g
    return t - o.lr * (update + o.weight_decay * t)


def lion_k(k, o, s, t, g, n):  # in the signs of arXiv 2502.02132: m averages -g
    m = s.get("m", 0)
    u = -(1 - o.beta1) * g + o.beta1 * m
    if o.bias_correction:
        u = u / (1 - o.beta1 * o.beta2 ** (n - 1))
    s["m"] = o.beta2 * m - (1 - o.beta2) * g
    return t + o.lr * (u / k.sqrt(u * u + o.eps) - o.weight_decay * t)


RULES = {
    "gd": gd,
    "heavy-ball": heavy_ball,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
    "nadam": nadam,
    "nadamw": nadam,
    "sign-gd": sign_gd,
    "signum": signum,
    "lion": lion,
    "lion-k": lion_k,
}


class Hyperparameters:
    def __init__(self, k, case):
        settings = dict(case["settings"], lr=case["lr"])
        for name, value in settings.items():
            setattr(self, name, k.of(value) if isinstance(value, float) else value)


def path(case, of):
    k = Numbers(of)
    o = Hyperparameters(k, case)
    theta, states, points = [of(x) for x in START], [{}, {}], []
    for n in range(1, STEPS + 1):
        g = [x + o.l2 * t for x, t in zip(gradient(theta), theta)]
        rule = RULES[case["kind"]]
        theta = [rule(k, o, s, t, x, n) for s, t, x in zip(states, theta, g)]
        points.append([float(x) for x in theta])
    return points


def torch_path(case):
    """The path by torch.optim, or None where it lacks the convention."""
    o = Hyperparameters(Numbers(float), case)
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    kind = case["kind"]
    pytorch_adam = kind in ("adam", "adamw") and o.bias_correction and o.eps_mode == "outside"
    if kind == "gd" and not o.weight_decay:
        optimizer = torch.optim.SGD([theta], lr=o.lr, weight_decay=o.l2)
    elif kind == "heavy-ball" and o.form == "polyak" and not (o.bias_correction or o.weight_decay):
        optimizer = torch.optim.SGD([theta], lr=o.lr, momentum=o.beta, weight_decay=o.l2)
    elif kind == "nesterov" and not o.weight_decay:
        optimizer = torch.optim.SGD([theta], lr=o.lr, momentum=o.beta, nesterov=True, weight_decay=o.l2)
    elif kind == "rmsprop" and o.eps_mode == "outside" and not (o.bias_correction or o.weight_decay):
        optimizer = torch.optim.RMSprop([theta], lr=o.lr, alpha=o.beta2, eps=o.eps, weight_decay=o.l2)
    elif pytorch_adam and not o.weight_decay:
        optimizer = torch.optim.Adam([theta], lr=o.lr, betas=(o.beta1, o.beta2), eps=o.eps, weight_decay=o.l2)
    elif pytorch_adam and not o.l2:
        optimizer = torch.optim.AdamW(
            [theta], lr=o.lr, betas=(o.beta1, o.beta2), eps=o.eps, weight_decay=o.weight_decay
        )
    else:
        return None
    points = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        x, y = theta
        (100 * (y - x**2) ** 2 + (1 - x) ** 2).backward()
        optimizer.step()
        points.append(theta.tolist())
    return points


def distance(a, b):
    """Largest relative distance, in the largest norm, of two paths."""
    return max(
        max(abs(x - y) for x, y in zip(p, q)) / max(abs(y) for y in q) for p, q in zip(a, b)
    )


def cases():
    """Every kind and convention. eps is large, of the size of the gradients or
    their squares, so that a misplaced eps shows in the first digits."""
    none = dict(weight_decay=0.0, l2=0.0)
    decay = dict(weight_decay=0.3, l2=0.0)
    coupled = dict(weight_decay=0.0, l2=20.0)
    yes_no = (("corrected", True), ("uncorrected", False))

    def case(name, kind, lr, regularization=none, **settings):
        return dict(name=name, kind=kind, lr=lr, settings=dict(settings, **regularization))

    yield case("gd", "gd", 5e-4)
    yield case("gd decay", "gd", 5e-4, decay)
    yield case("gd l2", "gd", 5e-4, coupled)
    rates = {("ema", True): 5e-4, ("ema", False): 1e-3, ("polyak", True): 4e-4, ("polyak", False): 2e-4}
    for (form, corrected), lr in rates.items():
        word = "corrected" if corrected else "uncorrected"
        yield case(f"heavy-ball {form} {word}", "heavy-ball", lr, beta=0.9, form=form, bias_correction=corrected)
    yield case("heavy-ball decay", "heavy-ball", 2e-4, decay, beta=0.9, form="polyak", bias_correction=False)
    yield case("heavy-ball l2", "heavy-ball", 2e-4, coupled, beta=0.9, form="polyak", bias_correction=False)
    yield case("nesterov", "nesterov", 1e-4, beta=0.9)
    yield case("nesterov decay", "nesterov", 1e-4, decay, beta=0.9)
    yield case("nesterov l2", "nesterov", 1e-4, coupled, beta=0.9)
    betas = dict(beta1=0.9, beta2=0.99)
    for mode, eps in (("inside", 500.0), ("outside", 20.0), ("outside_uncorrected", 3.0)):
        for word, corrected in yes_no:
            common = dict(eps=eps, eps_mode=mode, bias_correction=corrected)
            yield case(f"rmsprop {mode} {word}", "rmsprop", 4e-3, beta2=0.99, **common)
            yield case(f"adam {mode} {word}", "adam", 1e-2, **betas, **common)
            yield case(f"adamw {mode} {word}", "adamw", 1e-2, decay, **betas, **common)
            yield case(f"nadam {mode} {word}", "nadam", 1e-2, **betas, **common)
            yield case(f"nadamw {mode} {word}", "nadamw", 1e-2, decay, **betas, **common)
    outside = dict(eps=20.0, eps_mode="outside")
    yield case("rmsprop l2", "rmsprop", 4e-3, coupled, beta2=0.99, bias_correction=False, **outside)
    yield case("adam l2", "adam", 1e-2, coupled, bias_correction=True, **betas, **outside)
    yield case("nadam l2", "nadam", 1e-2, coupled, bias_correction=True, **betas, **outside)
    yield case("adam usual", "adam", 1e-2, beta1=0.9, beta2=0.999, eps=1e-8, eps_mode="outside", bias_correction=True)
    yield case("sign-gd", "sign-gd", 3e-3)
    yield case("sign-gd decay", "sign-gd", 3e-3, decay)
    yield case("signum", "signum", 3e-3, beta=0.9)
    yield case("signum l2", "signum", 3e-3, coupled, beta=0.9)
    yield case("lion", "lion", 3e-3, **betas)
    yield case("lion decay", "lion", 3e-3, decay, **betas)
    for word, corrected in yes_no:
        yield case(f"lion-k {word}", "lion-k", 1e-2, eps=500.0, bias_correction=corrected, **betas)
        yield case(f"lion-k decay {word}", "lion-k", 1e-2, decay, eps=500.0, bias_correction=corrected, **betas)


def main():
    lines = []
    for case in cases():
        exact = path(case, Decimal)
        rounding = distance(path(case, float), exact)
        assert rounding < FLOAT_TOLERANCE, (case["name"], "amplifies rounding", rounding)
        moved = max(abs(x - y) for x, y in zip(exact[-1], START))
        assert moved > 0.05, (case["name"], "hardly moves", moved)
        library = torch_path(case)
        if library is not None:
            against = distance(library, exact)
            assert against < TORCH_TOLERANCE, (case["name"], "torch differs", against)
        case["torch"] = library is not None
        case["path"] = [dict(step=n, theta=exact[n - 1]) for n in CHECKPOINTS]
        lines.append(json.dumps(case))
    assert smallest_sign_argument > SIGN_MARGIN, smallest_sign_argument
    print('{"start": %s, "cases": [\n%s\n]}' % (json.dumps(START), ",\n".join(lines)))


main()
