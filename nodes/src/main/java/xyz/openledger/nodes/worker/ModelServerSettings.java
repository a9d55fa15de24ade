package xyz.openledger.nodes.worker;

import xyz.openledger.protocol.Check;

/**
 * How much a model server may have.
 *
 * @param questionsMax under way at once, those included whose files still come
 * @param modelsMax open at once; they share what keys and values may take
 * @param cacheMaxBytes of keys and values of all questions together; adapters take up to a quarter
 *     of it besides
 * @param filesMaxBytes what models and adapters may take of the disk
 * @param threads that compute
 */
public record ModelServerSettings(
    int questionsMax, int modelsMax, long cacheMaxBytes, long filesMaxBytes, int threads) {
  /** Checks the ranges. */
  public ModelServerSettings {
    Check.range("questionsMax", questionsMax, 1, 100_000);
    Check.range("modelsMax", modelsMax, 1, 16);
    Check.range("cacheMaxBytes", cacheMaxBytes, 1 << 16, 1L << 40);
    Check.range("filesMaxBytes", filesMaxBytes, 1 << 20, 1L << 44);
    Check.range("threads", threads, 1, 256);
  }
}
