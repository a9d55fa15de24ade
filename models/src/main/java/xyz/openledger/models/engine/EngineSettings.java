package xyz.openledger.models.engine;

import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.KvCache;

/**
 * How much an engine takes on.
 *
 * @param rowsPerStep tokens that one step computes
 * @param sequencesMax answers that grow at the same time
 * @param queueMax requests that wait
 * @param tenantQueueMax of which one tenant may have so many
 * @param cachePages pages of keys and values
 * @param lanes threads that compute
 */
public record EngineSettings(
    int rowsPerStep,
    int sequencesMax,
    int queueMax,
    int tenantQueueMax,
    int cachePages,
    int lanes) {
  /** Refuses what could not run. */
  public EngineSettings {
    if (rowsPerStep < 2
        || sequencesMax < 1
        || sequencesMax > rowsPerStep / 2
        || queueMax < 1
        || tenantQueueMax < 1
        || cachePages < 1
        || lanes < 1) {
      throw new IllegalArgumentException(
          "rows are at least twice the sequences, everything at least 1");
    }
  }

  /** One tenant may fill the queue. */
  public EngineSettings(
      int rowsPerStep, int sequencesMax, int queueMax, int cachePages, int lanes) {
    this(rowsPerStep, sequencesMax, queueMax, queueMax, cachePages, lanes);
  }

  /** For a model and so many bytes of keys and values. */
  public static EngineSettings of(ModelConfig config, long cacheBytes) {
    long pages = Math.clamp(cacheBytes / KvCache.pageBytes(config), 1, 1 << 20);
    int lanes = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16);
    return new EngineSettings(128, 64, 1_024, 512, (int) pages, lanes);
  }
}
