#!/usr/bin/env python3
"""Writes an archive in every form of `archive_forms.py` and holds giallo to what numpy reads from it, to the bit.

    python3 test/interop/archives.py [--seed 1971] [--only dtype]

For each archive, through the command line: `giallo info --frames` has numpy's names, `giallo vector --npy` numpy's
float32 bits of a frame by chance, and `giallo verify` the errors and warnings that the form is made for, and no others.
Exits 1 if there is a disagreement.
"""

import argparse
import io
import json
import pathlib
import sys
import tempfile

import numpy as np
from archive_forms import FORMS, PYTHON
from giallo import giallo


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1971)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    forms = [form for form in FORMS if asked.only in form.name]
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder) / f"{form.name}{form.ending}" for form in forms]
        rngs = [np.random.default_rng([asked.seed, number]) for number in range(len(forms))]
        for form, path, rng in zip(forms, paths, rngs):
            form.write(path, rng)
        findings = verified(forms, paths)
        disagreements = [what for all_of_one in map(check, forms, paths, rngs, findings) for what in all_of_one]
    for disagreement in disagreements:
        print(disagreement)
    print(f"{len(forms)} forms of archives, {len(disagreements)} disagreements with {PYTHON}, seed {asked.seed}")
    return 1 if disagreements else 0


def verified(forms, paths):
    """What `giallo verify` finds in each archive. Those with the same flags are verified by one run."""
    flags = sorted({tuple(form.flags) for form in forms})
    groups = [[path for form, path in zip(forms, paths) if tuple(form.flags) == those] for those in flags]
    runs = [giallo("verify", *group, "--json", "--quiet", *those) for those, group in zip(flags, groups)]
    findings = {path: [] for path in paths}
    for run in runs:
        found = run.json()["findings"]
        if run.status != any(finding["severity"] == "error" for finding in found):
            raise RuntimeError(f"verify ends with {run.status} and finds {found}")
        for finding in found:
            # The archives are no collection: their vectors are of many lengths.
            if finding["code"] != "mixed-dims":
                findings[pathlib.Path(finding["path"])].append(finding)
    return [findings[path] for path in paths]


def check(form, path, rng, findings):
    try:
        return [f"{form.name}: {what}" for what in differences(form, path, rng, findings)]
    except Exception as error:  # a bug of ours or of giallo's: say in which form
        return [f"{form.name}: {type(error).__name__}: {error}"]


def differences(form, path, rng, findings):
    errors = [finding["code"] for finding in findings if finding["severity"] == "error"]
    warnings = {finding["code"] for finding in findings if finding["severity"] == "warning"}
    if form.error is not None:
        if errors != [form.error]:
            yield f"verify finds {errors}, expected {form.error}"
        yield from refusal(form, path)
        return
    if errors:
        yield f"verify finds {errors}: {[finding['message'] for finding in findings]}"
    if warnings != form.warnings:
        yield f"verify warns of {sorted(warnings)}, expected {sorted(form.warnings)}"
    rows, names = numpys_answer(form, path)
    yield from names_differ(form, path, names)
    if len(rows) > 0:
        frame = int(rng.integers(len(rows)))
        run = giallo("vector", path, frame, "--npy", "--quiet", *form.flags)
        found = np.load(io.BytesIO(run.bytes))
        if found.dtype != np.float32 or found.shape != rows[frame].shape or not same_bits(found, rows[frame]):
            yield f"frame {frame}: giallo has {found.dtype} {found.shape} {found[:4]}, numpy {rows[frame][:4]}"


def refusal(form, path):
    run = giallo("vector", path, 0, "--npy", *form.flags)
    if run.status != 1 or run.bytes != b"" or "giallo: " not in run.stderr or run.stderr.count("\n") > 2:
        yield f"vector ends with {run.status}, {len(run.bytes)} bytes and {run.stderr!r}, expected one error"


def numpys_answer(form, path):
    """The float32 rows and the names as numpy reads them."""
    names_key = None
    if form.ending == ".npy":
        stored, stored_names = np.load(path), None
    else:
        with np.load(path, allow_pickle=True) as archive:
            stored = archive[form.keys[0]]
            names_key = form.keys[1] if form.keys[1] in archive else None
            stored_names = archive[names_key] if names_key else None
    with np.errstate(over="ignore"):
        rows = form.vectors(path) if form.vectors else stored.astype(np.float32)
    frames = rows.shape[0] if rows.ndim > 1 else min(1, rows.size)
    rows = rows.reshape(frames, rows.size // max(1, frames))
    names = form.names(stored_names) if form.names else [str(name) for name in stored_names]
    return rows, names


def names_differ(form, path, names):
    report = giallo("info", path, "--frames", "--json", "--quiet", *form.flags).json()
    found = [frame["filename"] for frame in report["frames"]]
    if found != names:
        yield f"giallo has the names {json.dumps(found)}, numpy {json.dumps(names)}"
    if [frame["index"] for frame in report["frames"]] != list(range(len(names))):
        yield "the indices of the frames are not 0, 1, 2, ..."


def same_bits(a, b):
    """Equal to the bit; of NaN only that it is one."""
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    return bool(np.all((a.view(np.uint32) == b.view(np.uint32)) | (np.isnan(a) & np.isnan(b))))


if __name__ == "__main__":
    sys.exit(main())
