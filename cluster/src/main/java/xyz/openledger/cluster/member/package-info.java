/**
 * A running member: its actors, its gateway for nodes, its HTTP interface, its chain.
 *
 * <p>Start at {@link xyz.openledger.cluster.member.MemberProcess}.
 */
@NullMarked
package xyz.openledger.cluster.member;

import org.jspecify.annotations.NullMarked;
