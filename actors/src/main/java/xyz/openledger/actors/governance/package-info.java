/**
 * The governed values in force: adopted once, journaled, known to every member.
 *
 * <p>Start at {@link xyz.openledger.actors.governance.GovernanceEntity}.
 */
@NullMarked
package xyz.openledger.actors.governance;

import org.jspecify.annotations.NullMarked;
