package xyz.openledger.pools;

import java.util.List;
import java.util.Map;
import xyz.openledger.pools.governance.Governed;

/**
 * What a job is, beside what it asks for: what the terms of nodes and the rules of governance speak
 * of.
 *
 * @param kind of workload, such as {@code wasm}
 * @param labels of the job
 * @param governed what governance says of it
 * @param licences that the models and adapters which it uses are under, by their publishers; {@link
 *     xyz.openledger.protocol.Licence#NONE_STATED} where nobody stated one; empty if it uses none
 */
public record Work(
    String kind, Map<String, String> labels, Governed governed, List<String> licences) {
  /** A job without labels, of which governance says nothing. */
  public static final Work PLAIN = new Work("wasm", Map.of(), Governed.FREELY);

  /** A job that uses no models. */
  public Work(String kind, Map<String, String> labels, Governed governed) {
    this(kind, labels, governed, List.of());
  }

  /** Keeps its own copies. */
  public Work {
    labels = Map.copyOf(labels);
    licences = List.copyOf(licences);
  }
}
