/**
 * Tensors as they travel: what a model of ONNX takes in and puts out.
 *
 * <p>Start at {@link xyz.openledger.protocol.tensors.Tensors}.
 */
@NullMarked
package xyz.openledger.protocol.tensors;

import org.jspecify.annotations.NullMarked;
