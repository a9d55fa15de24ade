/**
 * Adapters: read as others publish them, kept by their content, held in memory as they are used.
 *
 * <p>Start at {@link xyz.openledger.models.adapters.AdapterStore}.
 */
@NullMarked
package xyz.openledger.models.adapters;

import org.jspecify.annotations.NullMarked;
