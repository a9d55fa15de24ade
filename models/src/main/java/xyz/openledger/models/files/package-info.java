/**
 * Files of weights as others publish them, mapped into memory and believed only as far as they were
 * checked.
 *
 * <p>Start at {@link xyz.openledger.models.files.TensorFile}.
 */
@NullMarked
package xyz.openledger.models.files;

import org.jspecify.annotations.NullMarked;
