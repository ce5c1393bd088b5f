"""Holds two folders of <film>.ndjson equal, line by line: compare.py <expected> <found>

The moments of frames are left out: they are the collection's, and arrays that were converted have none.
"""

import json
import sys
from pathlib import Path



def without_seconds(record):
    return {key: value for key, value in record.items() if key != "seconds"}


expected, found = (
    {path.name: [json.loads(line, object_hook=without_seconds) for line in path.open(encoding="utf-8")] for path in Path(folder).glob("*.ndjson")}
    for folder in sys.argv[1:]
)
if sorted(expected) != sorted(found):
    sys.exit(f"expected {sorted(expected)}, found {sorted(found)}")
for name, lines in expected.items():
    if len(lines) != len(found[name]):
        sys.exit(f"{name}: expected {len(lines)} lines, found {len(found[name])}")
    for one, other in zip(lines, found[name]):
        if one != other:
            sys.exit(f"{name}: expected {one}, found {other}")
print(f"{sum(map(len, expected.values()))} frames of {len(expected)} films have the same neighbours and scores")
