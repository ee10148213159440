// The steps of building a front end that all of them share; a step that fails ends the program: status 1 a defect of the sources, 3 packages or Node are missing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MISSING = 3;
const LONGEST_BUILD = 15 * 60 * 1000;

/**
 * Builds the front end of a build script into the folder that its command line names, `dist` beside it where it names none.
 * @param script The address of the script.
 * @param bundle Makes the bundle in a folder; what it made takes the place of what was there of the same name.
 */
export async function buildFrontEnd(script, bundle) {
  const here = dirname(fileURLToPath(script));
  const output = resolve(process.argv[2] ?? join(here, "dist"));
  process.chdir(here);
  requireNode();
  mkdirSync(output, { recursive: true });
  await underLock(join(here, ".build-lock"), async () => {
    installPackages();
    checkTypes();
    const partial = `${output}.partial-${process.pid}`;
    try {
      await bundle(partial);
      readdirSync(partial).forEach((name) => replace(join(partial, name), join(output, name)));
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
}

// A file is replaced at once; a folder that is there must go first.
function replace(made, old) {
  if (statSync(made).isDirectory()) {
    rmSync(old, { recursive: true, force: true });
  }

  renameSync(made, old);
}

// Ends the program where Node is too old.
function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(MISSING, `Node ${process.versions.node} is too old, 20.19 or later is needed`);
  }
}

// Installs packages; anew only when the lock file is another one than they came from.
function installPackages() {
  const stamp = join("node_modules", ".reluflow-lock");
  const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) {
    return;
  }

  try {
    npm("ci", "--no-audit", "--no-fund", "--prefer-offline");
  } catch (error) {
    stop(MISSING, `npm ci failed: ${firstLine(error)}`);
  }

  writeFileSync(stamp, lock);
}

function npm(...words) {
  execFileSync("npm", words, { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
}

// Ends the program where the types do not agree.
function checkTypes() {
  try {
    execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc")], { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    stop(1, `${error.stdout}${error.stderr}`);
  }
}

// One build at a time in a checkout: others wait, and take over where the one before them was killed.
async function underLock(lock, work) {
  for (const begin = Date.now(); !take(lock); await new Promise((done) => setTimeout(done, 200))) {
    if (Date.now() - begin > LONGEST_BUILD) {
      stop(1, `another build holds ${lock}`);
    }
  }

  process.on("exit", () => rmSync(lock, { recursive: true, force: true }));
  await work();
}

function take(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, "process"), String(process.pid));
    return true;
  } catch {
    if (isAbandoned(lock)) {
      rmSync(lock, { recursive: true, force: true });
    }

    return false;
  }
}

function isAbandoned(lock) {
  try {
    const holder = join(lock, "process");
    if (!existsSync(holder)) {
      return Date.now() - statSync(lock).mtimeMs > 10_000;
    }

    process.kill(Number(readFileSync(holder, "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function firstLine(error) {
  const text = String(error.stderr || error.message);
  return (text.split("\n").find((line) => /npm error|ENOENT/.test(line)) ?? text.split("\n")[0]).trim();
}

function stop(status, message) {
  console.error(message);
  process.exit(status);
}
