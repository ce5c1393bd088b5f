"""Prints which BLAS a Python module uses, found among the files that its process has loaded: blas.py <module>

Debian's numpy and FAISS use the BLAS that /etc/alternatives names. That is the reference BLAS unless another is
installed. It is ten to fifty times slower, so comparing with it would be meaningless.
"""

import importlib
import re
import sys
from pathlib import Path


def main(module):
    use(module, importlib.import_module(module))
    maps = Path("/proc/self/maps")
    paths = {line.split()[-1] for line in maps.read_text().splitlines()} if maps.exists() else set()
    names = sorted({Path(path).resolve().name for path in paths})
    fast = [name for name in names if re.search("openblas|mkl_rt|mkl_core|blis|atlas|flexiblas|armpl", name)]
    slow = [name for name in names if name.startswith("libblas")]
    print(fast[0] if fast else f"the reference BLAS ({slow[0]})" if slow else "a BLAS that cannot be told")


def use(name, module):
    """Multiplies once, since a BLAS may be loaded only when it is needed."""
    if name == "numpy":
        module.ones((2, 2)) @ module.ones((2, 2))


if __name__ == "__main__":
    main(*sys.argv[1:])
