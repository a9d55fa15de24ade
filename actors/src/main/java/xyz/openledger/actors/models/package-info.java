/**
 * Which language models the network serves under which names: journaled once, known to every
 * member.
 *
 * <p>Start at {@link xyz.openledger.actors.models.CatalogueEntity}.
 */
@NullMarked
package xyz.openledger.actors.models;

import org.jspecify.annotations.NullMarked;
