#!/usr/bin/env bash
# Runs docs/all_pairs.py with Debian's Dask: once with workers of its own, and once with a scheduler and workers that
# run already. Its answers must have the same bits as those of `giallo topk --others`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1 GIALLO_CACHE
python=/usr/bin/python3

[ -e dist/cli.js ] || { echo 'giallo is not built: npm run build'; exit 1; }
.ci/apt-install "$python -c 'import numpy'" python3-numpy
.ci/apt-install "$python -c 'import distributed'" python3-distributed

folder=$(mktemp -d)
GIALLO_CACHE=$folder/cache
started=()
end() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" || true; done
  rm -rf "$folder"
}
trap end EXIT

# Ties, repeats, zero rows and non-finite rows; and films of another dim, about which giallo is asked separately.
npm run --silent build:tests
node build/test/all-pairs/make-films.js "$folder/films"
for films in "$folder/films" data_embeddings; do
  node bin/giallo.js convert --quiet --to npy -o "$folder/arrays/" "$films"/*.npz
  node bin/giallo.js topk --quiet --no-cache --others -k 10 -d "$films" -o "$folder/dump"
  mkdir -p "$folder/expected"
  mv "$folder"/dump/*.ndjson "$folder/expected"
  rm -r "$folder/dump"
done

echo 'workers of its own'
"$python" docs/all_pairs.py "$folder/arrays" "$folder/found" --keep 128
"$python" test/all-pairs/compare.py "$folder/expected" "$folder/found"

echo 'a scheduler that is there, going on where a run was interrupted'
"$python" -m distributed.cli.dask_scheduler --host 127.0.0.1 --port 0 --no-dashboard \
  --scheduler-file "$folder/scheduler.json" 2>"$folder/scheduler.log" &
started+=($!)
"$python" -m distributed.cli.dask_worker --scheduler-file "$folder/scheduler.json" --no-dashboard \
  --nworkers 2 --nthreads 1 --local-directory "$folder/dask" 2>"$folder/workers.log" &
started+=($!)
rm "$folder/found/C.ndjson" "$folder/found/D.ndjson"
until [ -s "$folder/scheduler.json" ]; do sleep 0.1; done
address=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["address"])' "$folder/scheduler.json")
"$python" docs/all_pairs.py "$folder/arrays" "$folder/found" --keep 128 --scheduler "$address" 2>&1 | tee "$folder/said"
grep -q '^7 films, 5 of them done$' "$folder/said"
"$python" test/all-pairs/compare.py "$folder/expected" "$folder/found"

echo 'too few candidates are said to be too few'
if "$python" docs/all_pairs.py "$folder/arrays" "$folder/few" --keep 10 2>"$folder/said"; then exit 1; fi
grep 'more near ties' "$folder/said"
