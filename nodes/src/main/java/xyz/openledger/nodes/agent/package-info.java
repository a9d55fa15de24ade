/**
 * The program a contributor runs: joins with one line, keeps its keys, and works until told to
 * stop.
 *
 * <p>Start at {@link xyz.openledger.nodes.agent.AgentMain} for the commands, at {@link
 * xyz.openledger.nodes.agent.Agent} for the agent as a library.
 */
@NullMarked
package xyz.openledger.nodes.agent;

import org.jspecify.annotations.NullMarked;
