package xyz.openledger.pools;

import java.util.Map;
import xyz.openledger.pools.governance.Governed;

/**
 * What a job is, beside what it asks for: what the terms of nodes and the rules of governance speak
 * of.
 *
 * @param kind of workload, such as {@code wasm}
 * @param labels of the job
 * @param governed what governance says of it
 */
public record Work(String kind, Map<String, String> labels, Governed governed) {
  /** A job without labels, of which governance says nothing. */
  public static final Work PLAIN = new Work("wasm", Map.of(), Governed.FREELY);

  /** Keeps its own copy. */
  public Work {
    labels = Map.copyOf(labels);
  }
}
