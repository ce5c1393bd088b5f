/**
 * npm runs this after `npm ci` in a checkout, and before it packs: it builds giallo. If NODE_ENV=production has left
 * out the build tools, it keeps a build that exists; if there is none, it says which tools are missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

process.exitCode = prepare();

/** Returns the exit status. */
function prepare() {
  const missing = ['typescript', 'assemblyscript', 'rolldown'].filter((name) => !isInstalled(name));
  if (missing.length === 0) return build();
  const tools = missing.join(' and ');
  if (existsSync(new URL('../dist/program/cli.cjs', import.meta.url))) {
    process.stderr.write(
      `giallo: not built again, since ${tools} are not installed; dist/ is kept as it is\n`,
    );
    return 0;
  }
  process.stderr.write(
    `giallo: cannot be built: ${tools} are not installed, and there is no dist/ yet\n` +
      'hint: with NODE_ENV=production npm leaves development packages out; npm ci --include=dev installs them\n',
  );
  return 1;
}

/** Builds, and removes files of earlier builds, which would otherwise get into the package. */
function build() {
  // A second earlier, since times of files can be rounded down.
  const started = Date.now() - 1000;
  const status = spawnSync('npm run build --silent', { stdio: 'inherit', shell: true }).status ?? 1;
  if (status !== 0) return status;
  const dist = fileURLToPath(new URL('../dist', import.meta.url));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(path).mtimeMs < started) rmSync(path);
  }
  return 0;
}

/** @param {string} name */
function isInstalled(name) {
  return (require.resolve.paths(name) ?? []).some((folder) => existsSync(`${folder}/${name}`));
}
