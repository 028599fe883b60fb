"""Writes the files that the tests of package data read: arrays as NumPy saves
them, and an image and what Pillow makes of it. Both are implementations of
their own. Run: /usr/bin/python3 golden.py, in this folder."""
import io, json
import numpy as np
from PIL import Image

rng = np.random.default_rng(1)
x = rng.standard_normal((6, 4))
y = np.array([0, 1, 2, 0, 1, 2])
np.savez("pair.npz", x=x, y=y)
images = rng.integers(0, 256, (5, 3, 4, 3), dtype=np.uint8)
np.savez_compressed("keras.npz", x_train=images[:3], y_train=np.array([[1], [0], [1]], dtype=np.uint8),
                    x_test=images[3:], y_test=np.array([0, 1], dtype=np.uint8))

types = {}
for t in ["?", "<i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u1", "<u2", ">u2", "<u4", "<u8", "<f4", ">f4", "<f8", ">f8"]:
    values = np.array([[0, 1, 100], [7, 1, 99]]) if np.dtype(t).kind in "ub" else np.array([[0, -1, 100], [7, -128, 99]])
    a = values.astype(t)
    b = io.BytesIO()
    np.save(b, a)
    types[t] = {"file": b.getvalue().hex(), "values": a.astype(float).ravel().tolist()}

photo = rng.integers(0, 256, (9, 13, 3), dtype=np.uint8)
resized = {}
for h, w in [(9, 13), (3, 4), (4, 13), (18, 26), (5, 30), (1, 1), (32, 32)]:
    r = Image.fromarray(photo).resize((w, h), Image.BILINEAR)
    resized[f"{h}x{w}"] = np.asarray(r).ravel().tolist()
json.dump({"x": x.ravel().tolist(), "y": y.tolist(), "images": images.ravel().tolist(), "types": types,
           "photo": photo.ravel().tolist(), "resized": resized}, open("golden.json", "w"))
