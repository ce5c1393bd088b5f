"""Checks what numpy.ts made of the films of make-films.py. Runs with numpy 1.24 and 2.

Usage: check-films.py <folder>
"""

import json
import os
import sys
import warnings
import zipfile

import numpy as np

folder = sys.argv[1]
failures = []


def check(what, holds):
    if not holds:
        failures.append(what)


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def path(name):
    return os.path.join(folder, name)


names = sorted(name[: -len(".source.npz")] for name in os.listdir(folder) if name.endswith(".source.npz"))
check("there are films to check", len(names) >= 5)
for name in names:
    source = np.load(path(f"{name}.source.npz"))
    filenames, embeddings = source["filenames"], source["embeddings"]

    for kind in ("npz", "stored.npz"):
        archive = path(f"{name}.{kind}")
        check(f"{archive}: testzip is clean", zipfile.ZipFile(archive).testzip() is None)
        ours = np.load(archive)
        check(f"{archive}: filenames first", ours.files == ["filenames", "embeddings"])
        check(f"{archive}: the same filenames", ours["filenames"].tolist() == filenames.tolist())
        check(f"{archive}: filenames are <U", ours["filenames"].dtype.kind == "U")
        check(f"{archive}: the same bits", same_bits(ours["embeddings"], embeddings))
    numpys, ours = os.path.getsize(path(f"{name}.source.npz")), os.path.getsize(path(f"{name}.npz"))
    # a few bytes more for data descriptors, which count in the smallest only
    check(f"{name}: {ours} bytes are within 1 % of numpy's {numpys}", ours <= numpys * 1.01 + 64)

    check(f"{name}.npy: the same bits", same_bits(np.load(path(f"{name}.npy")), embeddings))
    mapped = np.load(path(f"{name}.npy"), mmap_mode="r")
    check(f"{name}.npy: can be mapped", mapped.shape == embeddings.shape)
    with open(path(f"{name}.txt"), encoding="utf-8", newline="\n") as file:
        check(f"{name}.txt: the same filenames", file.read().split("\n")[:-1] == filenames.tolist())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        halves = embeddings.astype(np.float16)
    check(f"{name}.half.npz: rounded as numpy rounds", same_bits(np.load(path(f"{name}.half.npz"))["embeddings"], halves))

    with open(path(f"{name}.json"), encoding="utf-8") as file:
        frames = json.load(file)
    check(f"{name}.json: the same filenames", list(frames) == filenames.tolist())
    numbers = np.array(list(frames.values()), dtype=np.float64).astype(np.float32)
    check(f"{name}.json: the same numbers", np.array_equal(numbers, embeddings))

print(f"numpy {np.__version__}: {len(names)} films, {len(failures)} failed")
for failure in failures:
    print("failed:", failure)
sys.exit(1 if failures else 0)
