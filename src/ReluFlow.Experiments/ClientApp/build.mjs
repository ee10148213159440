// Builds the front end into one folder: report.js and report.css for pages, render.js for Node.
// node build.mjs OUTPUT: exit status 0 done, 1 a defect of the sources, 3 packages or Node are missing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, readdirSync } from "node:fs";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const MISSING = 3;
const LONGEST_BUILD = 15 * 60 * 1000;
const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? join(here, "dist"));
process.chdir(here);

requireNode();
mkdirSync(output, { recursive: true });
await underLock(join(here, ".build-lock"), async () => {
  installPackages();
  checkTypes();
  await bundle();
});

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(MISSING, `Node ${process.versions.node} is too old, 20.19 or later is needed`);
  }
}

// Packages are installed anew only when the lock file is another one than they came from.
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

function checkTypes() {
  try {
    execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc")], { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    stop(1, `${error.stdout}${error.stderr}`);
  }
}

async function bundle() {
  const { build } = await import("vite");
  const partial = `${output}.partial-${process.pid}`;
  try {
    for (const [name, entry] of [["report", "src/report/main.ts"], ["render", "src/render/main.ts"]]) {
      await build({
        configFile: false,
        logLevel: "warn",
        define: { "process.env.NODE_ENV": '"production"' },
        build: {
          outDir: partial,
          emptyOutDir: false,
          target: "es2022",
          lib: { entry, formats: ["iife"], name: "ReluFlow", fileName: () => `${name}.js`, cssFileName: name },
        },
      });
    }

    for (const file of readdirSync(partial)) {
      renameSync(join(partial, file), join(output, file));
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
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
