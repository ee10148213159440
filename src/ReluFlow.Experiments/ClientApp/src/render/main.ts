import { viewOf, type Specification } from "../plot/specification";

declare const process: { stdout: { write(text: string): boolean }; stderr: { write(text: string): boolean }; exitCode: number };

// The program appends a call of this function to the bundle: nothing is read from disk.
(globalThis as unknown as { renderFigure(specification: Specification): void }).renderFigure = (specification) => {
  viewOf(specification)
    .toSVG()
    .then((svg) => process.stdout.write(svg))
    .catch((error: Error) => {
      process.stderr.write(error.message);
      process.exitCode = 1;
    });
};
