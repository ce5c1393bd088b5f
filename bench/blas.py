"""Which BLAS numpy multiplies with, as far as the system says: blas.py

Debian's numpy takes what /etc/alternatives names, and with the reference BLAS it is fifty times slower.
"""

from pathlib import Path

import numpy as np


def main():
    np.ones((2, 2)) @ np.ones((2, 2))
    maps = Path("/proc/self/maps")
    paths = {line.split()[-1] for line in maps.read_text().splitlines()} if maps.exists() else set()
    names = sorted(Path(path).resolve().name for path in paths if "blas" in Path(path).name)
    optimised = [name for name in names if not name.startswith("libblas")]
    print(*(optimised or names or ["unknown BLAS"])[:1])


if __name__ == "__main__":
    main()
