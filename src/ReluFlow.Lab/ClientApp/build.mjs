// Builds the page into one folder: index.html and assets/*, whose names change with what they hold.
// node build.mjs OUTPUT: exit status 0 done, 1 a defect of the sources, 3 packages or Node are missing.
import { buildFrontEnd } from "../../ReluFlow.Experiments/ClientApp/steps.mjs";

await buildFrontEnd(import.meta.url, async (outDir) => {
  const { build } = await import("vite");
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { output: { entryFileNames: "assets/lab-[hash].js", assetFileNames: "assets/lab-[hash][extname]" } },
    },
  });
});
