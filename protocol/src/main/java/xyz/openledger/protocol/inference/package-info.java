/**
 * What is said about language models on the network: the manifest that names a model's files, the
 * question that a task asks and the answer that it gives.
 *
 * <p>Start at {@link xyz.openledger.protocol.inference.ModelManifest}.
 */
@NullMarked
package xyz.openledger.protocol.inference;

import org.jspecify.annotations.NullMarked;
