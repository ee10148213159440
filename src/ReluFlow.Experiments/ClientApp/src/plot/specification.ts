import { expressionInterpreter } from "vega-interpreter";
import { parse, View, type Runtime } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/** A Vega-Lite specification as the program writes it. */
export type Specification = TopLevelSpec;

/**
 * A view of a specification that draws nothing by itself. Expressions are interpreted, never compiled with `eval`,
 * so that a page may forbid that.
 */
export function viewOf(specification: Specification, renderer: "none" | "svg" = "none"): View {
  const runtime: Runtime = parse(compile(specification).spec, undefined, { ast: true });
  return new View(runtime, { expr: expressionInterpreter, renderer, hover: false });
}

/** The same with compiled expressions, which take half the time: for Node, where nothing forbids it. */
export function compiledViewOf(specification: Specification): View {
  return new View(parse(compile(specification).spec), { renderer: "none", hover: false });
}
