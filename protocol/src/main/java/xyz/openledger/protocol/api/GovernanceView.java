package xyz.openledger.protocol.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * The governed values that are in force.
 *
 * @param epoch 0 where nothing is governed
 * @param ruleHash SHA-256 of the rules in their RFC 8785 form; zeros where nothing is governed
 * @param source where they came from; empty where nothing is governed
 * @param sinceMillis when they were adopted
 * @param rules absent where nothing is governed
 */
@Answer
public record GovernanceView(
    long epoch, Digest ruleHash, String source, long sinceMillis, @Nullable JsonNode rules) {}
