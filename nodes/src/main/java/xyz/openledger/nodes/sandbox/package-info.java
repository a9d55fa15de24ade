/**
 * Keeps a program of ours that handles strangers' work away from the machine it runs on.
 *
 * <p>Start at {@link xyz.openledger.nodes.sandbox.Sandbox}.
 */
@NullMarked
package xyz.openledger.nodes.sandbox;

import org.jspecify.annotations.NullMarked;
