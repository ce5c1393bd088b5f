/**
 * What npm runs after `npm ci` in a checkout, and before it packs: the build. Where NODE_ENV=production has left the
 * tools out, a build that is there already is kept; without one this says what is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

process.exitCode = prepare();

/** Answers the exit status. */
function prepare() {
  const missing = ['typescript', 'assemblyscript'].filter((name) => !isInstalled(name));
  if (missing.length === 0) return spawnSync('npm run build', { stdio: 'inherit', shell: true }).status ?? 1;
  const tools = missing.join(' and ');
  if (existsSync(new URL('../dist/cli.js', import.meta.url))) {
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

/** @param {string} name */
function isInstalled(name) {
  return (require.resolve.paths(name) ?? []).some((folder) => existsSync(`${folder}/${name}`));
}
