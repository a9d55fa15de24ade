/**
 * The gate: what a WebAssembly module must be, and what it becomes, before any engine sees it.
 *
 * <p>Start at {@link xyz.openledger.verification.gate.WasmGate}. The gate is a pure function from
 * bytes to bytes: decode ({@code ModuleDecoder}), check ({@code ModuleChecker}, {@code
 * BodyChecker}), rewrite ({@code BodyRewriter}) and encode ({@code ModuleEncoder}). What fuel costs
 * stands in {@link xyz.openledger.verification.gate.FuelSchedule}.
 */
@NullMarked
package xyz.openledger.verification.gate;

import org.jspecify.annotations.NullMarked;
