/**
 * Runs one gated WebAssembly module on one input: the engine, and the small world that a program
 * sees through WASI.
 *
 * <p>Start at {@link xyz.openledger.nodes.execution.WasmEngine}. What a program computes here
 * depends on its code, its arguments, its input, its limits and its task's hash, and on nothing
 * else: no clock, no entropy, no files, no network.
 */
@NullMarked
package xyz.openledger.nodes.execution;

import org.jspecify.annotations.NullMarked;
