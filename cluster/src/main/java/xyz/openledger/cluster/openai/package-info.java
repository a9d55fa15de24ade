/**
 * The OpenAI HTTP API in the words of the network: pure translation of questions into jobs and of
 * outputs into the answers that existing clients expect.
 *
 * <p>Start at {@link xyz.openledger.cluster.openai.Question}.
 */
@NullMarked
package xyz.openledger.cluster.openai;

import org.jspecify.annotations.NullMarked;
