/**
 * Which nodes of a cell satisfy a policy and which are best, by bitmaps instead of one by one; and
 * which waiting policies a node satisfies.
 *
 * <pre>
 *   nodes ─▶ NodeIndex ─▶ Table: bitmaps and a line of codes for each row
 *   terms ─▶ Program ───▶ Search: exact, bounded, batched ─▶ Top ─▶ Reservations
 *                └──────▶ Selection: survivors kept while nodes change
 *   waiting policies ───▶ WaitingClasses ◀── a node that was freed
 * </pre>
 *
 * <p>One thread at a time: an index belongs to its pool's cell. Start at {@link
 * xyz.openledger.pools.index.NodeIndex}.
 */
@NullMarked
package xyz.openledger.pools.index;

import org.jspecify.annotations.NullMarked;
