package xyz.openledger.verification.dispute;

import xyz.openledger.protocol.Digest;

/**
 * What both parties agree on: which network, on which input. It is as small for a large network as
 * for a small one.
 *
 * @param network {@link xyz.openledger.verification.matmul.OperatorFacts#root}
 * @param operators how many
 * @param rows of the input
 * @param input root of the input's tensor
 */
public record Matter(Digest network, int operators, int rows, Digest input) {}
