/**
 * Programs, inputs and outputs on disk, named by the SHA-256 of their content.
 *
 * <p>Start at {@link xyz.openledger.cluster.blob.BlobStore}.
 */
@NullMarked
package xyz.openledger.cluster.blob;

import org.jspecify.annotations.NullMarked;
