// Owned by the kernels' work: compiles src/kernels/assembly to src/engine/backends/wasm/generated.
