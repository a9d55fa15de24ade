/**
 * Files that requesters keep, and batches of questions from them: what there is, durable. What they
 * hold lies in the blob store.
 *
 * <p>Start at {@link xyz.openledger.actors.files.FilesEntity}.
 */
@NullMarked
package xyz.openledger.actors.files;

import org.jspecify.annotations.NullMarked;
