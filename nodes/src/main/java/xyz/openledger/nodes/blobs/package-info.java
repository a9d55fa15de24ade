/**
 * Modules, inputs and outputs by their digest: fetched over HTTP, verified, kept on disk within a
 * bound.
 *
 * <p>Start at {@link xyz.openledger.nodes.blobs.Blobs}.
 */
@NullMarked
package xyz.openledger.nodes.blobs;

import org.jspecify.annotations.NullMarked;
