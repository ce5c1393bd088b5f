#!/usr/bin/env bash
# What npm would publish: the right files, valid, and working from a tarball in an empty folder.
set -euo pipefail
project=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm run --silent package

npm pack --silent --pack-destination "$folder" >/dev/null
tarball=$(ls "$folder"/giallo-*.tgz)
tar --list --gzip --file "$tarball" | sed 's#^package/##' | sort >"$folder/files"
for file in package.json README.md LICENSE CHANGELOG.md bin/giallo.js dist/cli.js dist/giallo.js dist/giallo.d.ts \
  dist/kernel/kernel.wasm dist/search/batch/batch-worker.js; do
  grep --fixed-strings --line-regexp --quiet "$file" "$folder/files" || { echo "the package lacks $file"; exit 1; }
done
if grep --invert-match --extended-regexp '^(package\.json|README\.md|LICENSE|CHANGELOG\.md|bin/|dist/)' "$folder/files"; then
  echo 'the package holds files that it should not'
  exit 1
fi
echo "$(wc -l <"$folder/files") files, $(stat --format %s "$tarball") bytes"

mkdir "$folder/empty"
cd "$folder/empty"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent "$tarball"
version=$(node -p "require('$project/package.json').version")
installed=$(npx --no giallo -- --version)
[ "$installed" = "$version" ] || { echo "giallo --version says $installed, not $version"; exit 1; }

ask=(similar Sintel 66 --all --json --data "$project/data_embeddings")
npx --no giallo -- "${ask[@]}" >installed.json
node "$project/bin/giallo.js" "${ask[@]}" >checkout.json
cmp installed.json checkout.json
npx --no giallo -- topk Krank -k 1 --data "$project/data_embeddings" | head --lines 1 | grep --quiet '"neighbors":\[{'

# The library face, for those who import it: its types and its functions.
cat >use.ts <<'TYPES'
import { openCollection, type SimilarReport, similar } from 'giallo';
const report: SimilarReport = await similar(await openCollection('data'), [{ film: 'Sintel', frame: 66 }], { k: 3 });
export const names: readonly string[] = report.results.map(({ filename }) => filename);
TYPES
"$project/node_modules/.bin/tsc" --noEmit --strict --module nodenext --target es2023 --types '' use.ts
cat >use.js <<'CODE'
import { openCollection, similar } from 'giallo';
const { results } = await similar(await openCollection(process.argv[2]), [{ film: 'Sintel', frame: 66 }], { k: 3 });
if (results.length !== 3) throw new Error(`3 results were expected, found ${results.length}`);
CODE
node use.js "$project/data_embeddings"

# Without the development tools a checkout cannot be built, and must say what is missing.
mkdir "$folder/bare"
cd "$folder/bare"
cp --recursive "$project/package.json" "$project/package-lock.json" "$project/scripts" "$project/bin" .
if NODE_ENV=production npm_config_include='' npm ci --silent --foreground-scripts >bare.log 2>&1; then
  echo 'npm ci without development packages and without a build was expected to fail'
  exit 1
fi
grep --quiet 'npm ci --include=dev' bare.log || { cat bare.log; echo 'it does not say what is missing'; exit 1; }
echo 'installs, answers, imports, and says what is missing for a build'
