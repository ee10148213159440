// The steps of building a front end that all of them share; a step that fails ends the program: status 1 a defect of the sources, 3 packages or Node are missing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MISSING = 3;
const LONGEST_BUILD = 15 * 60 * 1000;

/** Ends the program where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(MISSING, `Node ${process.versions.node} is too old, 20.19 or later is needed`);
  }
}

/** Installs packages; anew only when the lock file is another one than they came from. */
export function installPackages() {
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

/** Ends the program where the types do not agree. */
export function checkTypes() {
  try {
    execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc")], { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    stop(1, `${error.stdout}${error.stderr}`);
  }
}

/** One build at a time in a checkout: others wait, and take over where the one before them was killed. */
export async function underLock(lock, work) {
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
