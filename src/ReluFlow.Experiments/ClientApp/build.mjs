// Builds the front end into one folder: report.js and report.css for pages, render.js for Node.
// node build.mjs OUTPUT: exit status 0 done, 1 a defect of the sources, 3 packages or Node are missing.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { checkTypes, installPackages, requireNode, underLock } from "./steps.mjs";

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
