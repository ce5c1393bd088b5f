#!/usr/bin/env bash
# Compares giallo with numpy: archives in every form, written and read by numpy 2 (python3) and by Debian's numpy 1.24;
# films that giallo has converted; and the answers of every search, from the archives and from the search index, over
# the sample films and over a difficult collection.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1
here=test/interop
seed=${GIALLO_INTEROP_SEED:-1971}

[ -e dist/program/cli.cjs ] || { echo 'giallo is not built: npm run build'; exit 1; }
.ci/apt-install '/usr/bin/python3 -c "import numpy"' python3-numpy
debian=/usr/bin/python3
newest=python3
"$newest" -c 'import numpy' 2>/dev/null || newest=$debian

for python in "$newest" "$debian"; do
  "$python" -W ignore $here/archives.py --seed "$seed"
  [ "$newest" != "$debian" ] || break
done
npm run --silent build:tests
node --enable-source-maps build/$here/numpy.js "$newest"

GIALLO_NEEDS_NUMPY=1 npm test --silent -- test/npz/python-lines.test.ts test/commands/times-array.test.ts

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$newest" $here/generate.py "$folder/generated" --seed "$seed"
"$newest" $here/agree.py data_embeddings --queries 25 --seed "$seed" --index
"$newest" $here/agree.py "$folder/generated" --queries 25 --seed "$seed"
# shots never reads the index.
"$newest" $here/agree.py "$folder/generated" --queries 25 --seed "$seed" --index \
  --only similar,search,topk,pairs,duplicates,compare
