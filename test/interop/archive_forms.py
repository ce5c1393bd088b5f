"""Archives in every form that people have, each written by numpy and Python's zipfile as they write it, or by hand where
an older program did. A form is a function that writes one file; `FORMS` has what is expected of it besides what numpy
itself reads from the file.
"""

import io
import pathlib
import struct
import sys
import zipfile
from dataclasses import dataclass, field

import numpy as np

FRAMES, DIM = 7, 37  # no multiples of eight


@dataclass
class Form:
    name: str
    write: object  # (path, rng) -> None
    #: the code of the error that giallo must give; None if it must read the same as numpy
    error: str | None = None
    #: codes of the warnings that `giallo verify` must give
    warnings: set = field(default_factory=set)
    flags: list = field(default_factory=list)
    #: keys of the arrays, and the vectors if numpy does not read them as float32
    keys: tuple = ("embeddings", "filenames")
    vectors: object = None
    ending: str = ".npz"
    #: the names, if numpy reads them differently
    names: object = None


FORMS = []


def form(name, **expected):
    def add(write):
        FORMS.append(Form(name, write, **expected))
        return write

    return add


def vectors(rng, dtype=np.float32):
    if np.issubdtype(np.dtype(dtype), np.floating):
        return (rng.standard_normal((FRAMES, DIM)) * 3).astype(dtype)
    if np.dtype(dtype) == bool:
        return rng.random((FRAMES, DIM)) < 0.5
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, size=(FRAMES, DIM), dtype=np.dtype(dtype).newbyteorder("="), endpoint=True).astype(dtype)


def names(count=FRAMES):
    return np.array([f"frame_{i:04d}.jpg" for i in range(count)])


# How numpy saves ------------------------------------------------------------------------------------------------------


@form("savez")
def savez(path, rng):
    np.savez(path, filenames=names(), embeddings=vectors(rng))


@form("savez_compressed")
def savez_compressed(path, rng):
    np.savez_compressed(path, filenames=names(), embeddings=vectors(rng))


@form("embeddings-first")
def embeddings_first(path, rng):
    np.savez(path, embeddings=vectors(rng), filenames=names())


@form("list-of-rows")
def list_of_rows(path, rng):
    np.savez_compressed(path, filenames=list(names()), embeddings=list(vectors(rng)))


class Unseekable(io.RawIOBase):
    """A pipe: zipfile writes data descriptors into what cannot be sought."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


@form("data-descriptor")
def data_descriptor(path, rng):
    with open(path, "wb") as file:
        np.savez_compressed(Unseekable(file), filenames=names(), embeddings=vectors(rng))


@form("data-descriptor-stored")
def data_descriptor_stored(path, rng):
    with open(path, "wb") as file:
        np.savez(Unseekable(file), filenames=names(), embeddings=vectors(rng))


@form("zip64-end-record")
def zip64_end_record(path, rng):
    """As archives over 4 GB have it, without the 4 GB: zipfile is told that the limit is nothing."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    try:
        np.savez_compressed(path, filenames=names(), embeddings=vectors(rng))
    finally:
        zipfile.ZIP64_LIMIT = limit


@form("comment")
def comment(path, rng):
    np.savez_compressed(path, filenames=names(), embeddings=vectors(rng))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"made by hand " * 50


@form("appended-twice", warnings=set())
def appended(path, rng):
    """An array added to an archive later, as `zipfile` in append mode does."""
    np.savez_compressed(path, embeddings=vectors(rng))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("filenames.npy", npy_bytes(names()))


for level in (1, 9):

    @form(f"zip-level-{level}")
    def zip_level(path, rng, level=level):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            archive.writestr("embeddings.npy", npy_bytes(vectors(rng)))
            archive.writestr("filenames.npy", npy_bytes(names()))


# Dtypes and byte orders -----------------------------------------------------------------------------------------------

for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]:
    for order in "<>":
        if order == ">" and code in ("i1", "u1", "?"):
            continue
        warnings = {"converted"} if (order, code) not in (("<", "f4"), (">", "f4")) else set()

        @form(f"dtype-{'big' if order == '>' else 'little'}-{code.replace('?', 'bool')}", warnings=warnings)
        def with_dtype(path, rng, dtype=order + code):
            np.savez_compressed(path, filenames=names(), embeddings=vectors(rng, dtype))


def bfloat16_bits(rng):
    return (vectors(rng).view(np.uint32) >> 16).astype("<u2")


def bfloat16_of(path):
    with np.load(path) as archive:
        bits = np.ascontiguousarray(archive["embeddings"]).view("<u2").astype(np.uint32) << 16
    return bits.view(np.float32)


@form("bfloat16", error="dtype-unsupported")
def bfloat16(path, rng):
    np.savez_compressed(path, filenames=names(), embeddings=bfloat16_bits(rng).view("V2"))


@form("bfloat16-assumed", flags=["--assume", "bfloat16"], vectors=bfloat16_of, warnings={"converted"})
def bfloat16_assumed(path, rng):
    bfloat16(path, rng)


for code in ("c8", "c16", "g", "M8[s]", "m8[s]", "V5"):

    @form(f"dtype-{code.replace('[', '').replace(']', '')}", error="dtype-unsupported")
    def unsupported(path, rng, code=code):
        if code == "V5":
            data = np.zeros((FRAMES, DIM), "V5")
        elif code[0] in "Mm":
            data = np.zeros((FRAMES, DIM), code)
        else:
            data = vectors(rng).astype(code)
        np.savez_compressed(path, filenames=names(), embeddings=data)


@form("dtype-structured", error="dtype-unsupported")
def structured(path, rng):
    np.savez_compressed(path, filenames=names(), embeddings=np.zeros((FRAMES, DIM), [("x", "<f4"), ("y", "<f4")]))


# Order, header, shape -------------------------------------------------------------------------------------------------


@form("fortran")
def fortran(path, rng):
    np.savez_compressed(path, filenames=names(), embeddings=np.asfortranarray(vectors(rng)))


@form("transposed")
def transposed(path, rng):
    np.savez(path, filenames=names(), embeddings=np.ascontiguousarray(vectors(rng).T).T)


@form("fortran-big-endian-f8", warnings={"converted"})
def fortran_f8(path, rng):
    np.savez(path, filenames=names(), embeddings=np.asfortranarray(vectors(rng, ">f8")))


def npy_bytes(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asanyarray(array), version=version)
    return file.getvalue()


def npy_with_header(text, data, version=1):
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + data


def zip_of(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)


for version in [(1, 0), (2, 0), (3, 0)]:

    @form(f"npy-version-{version[0]}")
    def npy_version(path, rng, version=version):
        zip_of(path, embeddings=npy_bytes(vectors(rng), version), filenames=npy_bytes(names(), version))


HEADERS = {
    "python-2-long": "{'descr': '<f4', 'fortran_order': False, 'shape': (7L, 37L), }",
    "key-order": "{'shape': (7, 37), 'fortran_order': False, 'descr': '<f4'}",
    "spacing": "{ 'descr' :'<f4' , 'fortran_order':False,'shape':( 7,37 ) }",
    "double-quotes": '{"descr": "<f4", "fortran_order": False, "shape": (7, 37)}',
    "no-padding": "{'descr': '<f4', 'fortran_order': False, 'shape': (7, 37)}",
}
for label, text in HEADERS.items():

    @form(f"header-{label}")
    def header(path, rng, text=text):
        data = npy_with_header(f"{text}\n".encode(), vectors(rng).tobytes())
        zip_of(path, embeddings=data, filenames=npy_bytes(names()))


SHAPES = {
    "extra-axis": ((FRAMES, 1, DIM), names(), None),
    "extra-axis-last": ((FRAMES, DIM, 1), names(), None),
    "two-extra-axes": ((FRAMES, 1, 1, DIM), names(), None),
    "one-frame": ((1, DIM), names(1), None),
    "one-number": ((FRAMES, 1), names(), None),
    "one-frame-1d": ((DIM,), names(1), None),
    "no-frames": ((0, DIM), names(0), None),
    "too-many-axes": ((FRAMES, 2, DIM), names(), "shape-mismatch"),
    "scalar": ((), names(1), "shape-mismatch"),
    "no-numbers": ((FRAMES, 0), names(), "shape-mismatch"),
    "1d-of-many-names": ((FRAMES,), names(), "shape-mismatch"),
    "fewer-names": ((FRAMES, DIM), names(FRAMES - 1), "shape-mismatch"),
    "more-names": ((FRAMES, DIM), names(FRAMES + 1), "shape-mismatch"),
}
for label, (shape, some_names, error) in SHAPES.items():

    @form(f"shape-{label}", error=error)
    def shaped(path, rng, shape=shape, some_names=some_names):
        np.savez_compressed(path, filenames=some_names, embeddings=rng.standard_normal(shape).astype(np.float32))


@form("shape-empty-lists", warnings={"converted"})
def empty_lists(path, rng):
    np.savez_compressed(path, filenames=[], embeddings=[])


# Names ----------------------------------------------------------------------------------------------------------------

ODD_NAMES = ["a\U0001f600b.png", "\U0001f3ac" * 4, "日本.jpg", "é.jpg", "dir/../../etc/passwd", "tab\there\nline", "\u202efdp.exe"]


@form("names-odd", warnings={"names-no-file"})
def names_odd(path, rng):
    np.savez_compressed(path, filenames=np.array(ODD_NAMES), embeddings=vectors(rng))


@form("names-big-endian", warnings={"names-no-file"})
def names_big_endian(path, rng):
    np.savez_compressed(path, filenames=np.array(ODD_NAMES).astype(">U14"), embeddings=vectors(rng))


@form("names-inner-nul", warnings={"names-no-file"})
def names_inner_nul(path, rng):
    np.savez_compressed(path, filenames=np.array(["a\0b", "\0x", "c", "d", "e", "f", "g"]), embeddings=vectors(rng))


@form("names-bytes-utf8", warnings={"names-no-file"}, names=lambda stored: [name.decode("utf-8") for name in stored])
def names_utf8(path, rng):
    np.savez_compressed(path, filenames=np.array([name.encode() for name in ODD_NAMES]), embeddings=vectors(rng))


@form("names-bytes-latin1", warnings={"names-latin1"}, names=lambda stored: [name.decode("latin-1") for name in stored])
def names_latin1(path, rng):
    np.savez_compressed(path, filenames=np.array([f"caf\xe9_{i}".encode("latin-1") for i in range(FRAMES)]), embeddings=vectors(rng))


@form("names-empty-strings", warnings={"duplicate-names", "names-no-file"})
def names_empty(path, rng):
    np.savez_compressed(path, filenames=np.array([""] * FRAMES), embeddings=vectors(rng))


@form("names-duplicate", warnings={"duplicate-names"})
def names_duplicate(path, rng):
    np.savez_compressed(path, filenames=np.array(["twice.jpg"] * 2 + [f"{i}" for i in range(FRAMES - 2)]), embeddings=vectors(rng))


@form("names-object", warnings={"names-pickled", "names-no-file"})
def names_object(path, rng):
    np.savez_compressed(path, filenames=np.array(ODD_NAMES, dtype=object), embeddings=vectors(rng))


for kind in (pathlib.PurePosixPath, pathlib.PureWindowsPath):

    @form(f"names-{kind.__name__}", warnings={"names-pickled"}, names=lambda stored: [str(name) for name in stored])
    def names_paths(path, rng, kind=kind):
        paths = np.empty(FRAMES, object)
        paths[:] = [kind("shots") / f"frame_{i}.jpg" for i in range(FRAMES)]
        np.savez_compressed(path, filenames=paths, embeddings=vectors(rng))


@form("names-set", warnings={"names-pickled"}, names=lambda stored: [str(i) for i in range(FRAMES)])
def names_set(path, rng):
    np.savez_compressed(path, filenames={"a", "b"}, embeddings=vectors(rng))


@form("names-missing", warnings={"names-missing"}, names=lambda stored: [str(i) for i in range(FRAMES)])
def names_missing(path, rng):
    np.savez_compressed(path, embeddings=vectors(rng))


@form("names-numbers", warnings={"names-unreadable"}, names=lambda stored: [str(i) for i in range(FRAMES)])
def names_numbers(path, rng):
    np.savez_compressed(path, filenames=np.arange(FRAMES), embeddings=vectors(rng))


if hasattr(np, "dtypes") and hasattr(np.dtypes, "StringDType"):

    @form("names-StringDType", warnings={"names-pickled", "names-no-file"})
    def names_string_dtype(path, rng):
        np.savez_compressed(path, filenames=np.array(ODD_NAMES, dtype=np.dtypes.StringDType()), embeddings=vectors(rng))


# Keys and other members -----------------------------------------------------------------------------------------------


@form("keys-unnamed", keys=("arr_1", "arr_0"))
def keys_unnamed(path, rng):
    np.savez(path, names(), vectors(rng))


@form("keys-other", keys=("features", "paths"))
def keys_other(path, rng):
    np.savez(path, paths=names(), features=vectors(rng), count=np.array(3))


@form("keys-ambiguous", error="array-missing")
def keys_ambiguous(path, rng):
    np.savez(path, names=names(), left=vectors(rng), right=vectors(rng))


@form("keys-said", keys=("right", "names"), flags=["--embeddings-key", "right", "--filenames-key", "names"])
def keys_said(path, rng):
    np.savez(path, names=names(), other=names(), left=vectors(rng), right=vectors(rng))


@form("keys-none", error="array-missing")
def keys_none(path, rng):
    np.savez(path, filenames=names())


@form("extra-members")
def extra_members(path, rng):
    np.savez_compressed(path, embeddings=vectors(rng), filenames=names(), labels=np.arange(3), model=np.array("clip"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._embeddings.npy", b"\0\5\x16\7")
        archive.writestr("readme.txt", "PK\3\4 is no member here")


# Numbers --------------------------------------------------------------------------------------------------------------


@form("rows-odd", warnings={"nan", "infinite", "zero-rows"})
def rows_odd(path, rng):
    rows = vectors(rng)
    rows[1, 3] = np.nan
    rows[2, 0], rows[4, 5] = np.inf, -np.inf
    rows[3] = 0
    np.savez_compressed(path, filenames=names(), embeddings=rows)


@form("rows-minus-zero-and-subnormal", warnings={"zero-rows"})
def rows_minus_zero(path, rng):
    rows = vectors(rng)
    rows[0] = -0.0
    rows[1] = np.float32(1e-45) * rng.integers(1, 9, DIM)
    np.savez(path, filenames=names(), embeddings=rows)


@form("rows-too-large-for-float32", warnings={"converted", "became-infinite", "infinite"})
def rows_too_large(path, rng):
    rows = vectors(rng, np.float64)
    rows[2, 2], rows[5, 5] = 1e39, -3.5e38
    np.savez(path, filenames=names(), embeddings=rows)


@form("rows-that-round", warnings={"converted"})
def rows_that_round(path, rng):
    """Halfway between two float32, a bit off, subnormal in float32, and whole numbers that no double holds."""
    single = vectors(rng).astype(np.float64)
    half = np.spacing(single.astype(np.float32)).astype(np.float64) / 2
    rows = single + half * rng.choice([0, 1, -1, 1 + 1e-9, 1 - 1e-9], size=single.shape)
    rows[0] = np.ldexp(rng.standard_normal(DIM), -140)
    np.savez(path, filenames=names(), embeddings=rows)


@form("rows-of-wide-integers", warnings={"converted"})
def rows_of_wide_integers(path, rng):
    rows = (np.int64(1) << rng.integers(50, 62, (FRAMES, DIM))) + rng.integers(-3, 4, (FRAMES, DIM))
    shifted = (np.int64(2) ** 62) // (np.int64(2) ** rng.integers(20, 30, (FRAMES, DIM))) + rng.integers(-1, 2, (FRAMES, DIM))
    np.savez(path, filenames=names(), embeddings=np.where(rng.random((FRAMES, DIM)) < 0.5, rows, -shifted))


@form("rows-all-zero-many", warnings={"zero-rows"})
def rows_all_zero(path, rng):
    """Near the limit of what deflate can expand: honest, and no bomb."""
    np.savez_compressed(path, filenames=names(600), embeddings=np.zeros((600, 3072), np.float32))


# Files that are broken or no films ------------------------------------------------------------------------------------


def damaged(damage, **expected):
    def add(function):
        @form(f"broken-{damage}", **expected)
        def write(path, rng):
            np.savez(path, filenames=names(), embeddings=vectors(rng))
            path.write_bytes(function(path.read_bytes()))

        return write

    return add


@damaged("truncated", error="archive-truncated")
def truncated(data):
    return data[: len(data) // 2]


@damaged("empty", error="not-an-archive")
def empty(data):
    return b""


@damaged("lfs-pointer", error="not-an-archive")
def lfs_pointer(data):
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


@damaged("html", error="not-an-archive")
def html(data):
    return b"<!doctype html><title>Sign in</title>" * 20


@damaged("flipped-bit", error="archive-corrupt")
def flipped_bit(data):
    at = data.index(b"\x93NUMPY", data.index(b"embeddings.npy")) + 400
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@damaged("encrypted", error="archive-encrypted")
def encrypted(data):
    """The flag that says so, in the local header and in the directory."""
    flagged = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(signature)
        while at >= 0:
            flagged[at + offset] |= 1
            at = flagged.find(signature, at + 4)
    return bytes(flagged)


for method, label in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):

    @form(f"broken-{label}", error="compression-unsupported")
    def compressed(path, rng, method=method):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("embeddings.npy", npy_bytes(vectors(rng)))
            archive.writestr("filenames.npy", npy_bytes(names()))


@form("broken-header-says-more", error="header-invalid")
def header_says_more(path, rng):
    text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (8, 37), }\n"
    zip_of(path, embeddings=npy_with_header(text, vectors(rng).tobytes()), filenames=npy_bytes(names(8)))


@form("broken-size-absurd", error="size-absurd")
def size_absurd(path, rng):
    """Two terabytes, says the directory, of a kilobyte."""
    np.savez_compressed(path, filenames=names(), embeddings=vectors(rng))
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, entry + 24, 0xFFFFFFF0)
    path.write_bytes(data)


# .npy films -----------------------------------------------------------------------------------------------------------


@form("bare", ending=".npy", warnings={"names-missing"}, names=lambda stored: [str(i) for i in range(FRAMES)])
def bare(path, rng):
    np.save(path, vectors(rng))


@form("bare-fortran-f2", ending=".npy", warnings={"names-missing", "converted"}, names=lambda stored: [str(i) for i in range(FRAMES)])
def bare_fortran(path, rng):
    np.save(path, np.asfortranarray(vectors(rng, ">f2")))


@form("bare-with-txt", ending=".npy", names=lambda stored: list(names()))
def bare_with_txt(path, rng):
    np.save(path, vectors(rng))
    path.with_suffix(".txt").write_text("\n".join(names()) + "\n")


@form("bare-with-json", ending=".npy", warnings={"names-no-file"}, names=lambda stored: ODD_NAMES)
def bare_with_json(path, rng):
    import json

    np.save(path, vectors(rng))
    path.with_suffix(".json").write_text(json.dumps(ODD_NAMES))


@form("bare-with-fewer-names", ending=".npy", error="shape-mismatch")
def bare_with_fewer(path, rng):
    np.save(path, vectors(rng))
    path.with_suffix(".txt").write_text("one\ntwo\n")


@form("bare-cut", ending=".npy", error="header-invalid")
def bare_cut(path, rng):
    np.save(path, vectors(rng))
    path.write_bytes(path.read_bytes()[:-5])


PYTHON = f"Python {sys.version.split()[0]}, numpy {np.__version__}"
