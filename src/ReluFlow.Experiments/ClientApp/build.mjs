// Builds the front end into one folder: report.js and report.css for pages, render.js for Node.
// node build.mjs OUTPUT: exit status 0 done, 1 a defect of the sources, 3 packages or Node are missing.
import { buildFrontEnd } from "./steps.mjs";

await buildFrontEnd(import.meta.url, async (outDir) => {
  const { build } = await import("vite");
  for (const [name, entry] of [["report", "src/report/main.ts"], ["render", "src/render/main.ts"]]) {
    await build({
      configFile: false,
      logLevel: "warn",
      define: { "process.env.NODE_ENV": '"production"' },
      build: {
        outDir,
        emptyOutDir: false,
        target: "es2022",
        lib: { entry, formats: ["iife"], name: "ReluFlow", fileName: () => `${name}.js`, cssFileName: name },
      },
    });
  }
});
