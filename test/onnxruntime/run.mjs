// Runs an ONNX model on rows of inputs. The request on standard input is JSON: { model, type: "float32" | "float64", columns, inputs }, inputs row-major.
// Prints { dims, outputs }. The runtime is onnxruntime-web, whose WebAssembly needs nothing of the machine but Node.
import * as ort from 'onnxruntime-web';
import { readFileSync } from 'node:fs';

ort.env.wasm.numThreads = 1;
const request = JSON.parse(readFileSync(0, 'utf8'));
const values = request.type === 'float64' ? Float64Array.from(request.inputs) : Float32Array.from(request.inputs);
const session = await ort.InferenceSession.create(readFileSync(request.model), { executionProviders: ['wasm'] });
const inputs = { x: new ort.Tensor(request.type, values, [values.length / request.columns, request.columns]) };
const { y } = await session.run(inputs);
console.log(JSON.stringify({ dims: y.dims, outputs: Array.from(y.data) }));
