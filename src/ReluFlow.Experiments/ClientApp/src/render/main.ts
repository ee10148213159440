import * as vega from "vega";
import { compiledViewOf, type Specification } from "../plot/specification";
import { widthOf } from "./text";

declare const process: { stdout: { write(text: string): boolean }; stderr: { write(text: string): boolean }; exitCode: number };

// Exported, but not declared in the types of the package.
const { textMetrics } = vega as unknown as { textMetrics: { width(item: { fontSize?: number }, text: unknown): number } };

textMetrics.width = (item, text) => widthOf(String(text ?? ""), item.fontSize ?? 11);

// The program appends a call of this function to the bundle: nothing is read from disk.
(globalThis as unknown as { renderFigure(specification: Specification): void }).renderFigure = (specification) => {
  compiledViewOf(specification)
    .toSVG()
    .then((svg) => process.stdout.write(svg))
    .catch((error: Error) => {
      process.stderr.write(error.message);
      process.exitCode = 1;
    });
};
