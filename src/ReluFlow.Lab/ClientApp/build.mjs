// Builds the page into one folder: index.html and assets/*, whose names change with what they hold.
// node build.mjs OUTPUT: exit status 0 done, 1 a defect of the sources, 3 packages or Node are missing.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { checkTypes, installPackages, requireNode, underLock } from "../../ReluFlow.Experiments/ClientApp/steps.mjs";

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
    await build({
      configFile: false,
      logLevel: "warn",
      build: {
        outDir: partial,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: false,
        assetsInlineLimit: 0,
        rolldownOptions: { output: { entryFileNames: "assets/lab-[hash].js", assetFileNames: "assets/lab-[hash][extname]" } },
      },
    });
    for (const part of ["assets", "index.html"]) {
      rmSync(join(output, part), { recursive: true, force: true });
      renameSync(join(partial, part), join(output, part));
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
