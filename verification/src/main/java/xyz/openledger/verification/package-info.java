/**
 * How a result earns trust: who must agree, what a node's word is worth, who is paid for it. Pure
 * rules on records, without clock, randomness or I/O.
 *
 * <p>Start at {@link xyz.openledger.verification.Quorum}.
 */
@NullMarked
package xyz.openledger.verification;

import org.jspecify.annotations.NullMarked;
