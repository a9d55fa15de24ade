/**
 * Views: what the journal says, in the order in which people ask for it. Each can be thrown away
 * and made again.
 *
 * <p>Start at {@link xyz.openledger.actors.view.Projection}.
 */
@NullMarked
package xyz.openledger.actors.view;

import org.jspecify.annotations.NullMarked;
