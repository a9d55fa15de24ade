/**
 * All actors of one member, wired together.
 *
 * <p>Start at {@link xyz.openledger.actors.member.Member}.
 */
@NullMarked
package xyz.openledger.actors.member;

import org.jspecify.annotations.NullMarked;
