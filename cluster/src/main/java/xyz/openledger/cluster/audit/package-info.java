/**
 * Reads a stopped member's journal, and the chain, for an audit.
 *
 * <p>Start at {@link xyz.openledger.cluster.audit.AuditRun}.
 */
@NullMarked
package xyz.openledger.cluster.audit;

import org.jspecify.annotations.NullMarked;
