package xyz.openledger.actors.pool;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.protocol.PoolId;

/**
 * The nodes of a pool as they stand, for advice.
 *
 * @param name empty if the pool is not open
 * @param total how many nodes there are
 * @param nodes those told of: all, or the first by id, which is as good as drawn
 * @param queued tasks that wait
 * @param eta how long the task that was asked about would wait; absent if none waits before it, or
 *     if the pace of the queue is not known
 */
public record PoolSurvey(
    PoolId pool, String name, int total, List<Node> nodes, int queued, Forecast.@Nullable Eta eta)
    implements MemberMessage {

  /** What all nodes of a survey may take: a message between members has at most 256 KiB. */
  static final int NODES_BYTES_MAX = 252 << 10;

  /** What a node takes beside its texts, with room. */
  private static final int NODE_BYTES = 128;

  /** What a figure of how long its results take takes. */
  private static final int FIGURE_BYTES = 24;

  /** As many of the first nodes as fit a frame, and no more than so many. */
  static List<Node> thatFit(List<Node> nodes, int max) {
    long left = NODES_BYTES_MAX;
    int count = 0;
    while (count < Math.min(max, nodes.size())) {
      left -= bytes(nodes.get(count));
      if (left < 0) {
        break;
      }
      count++;
    }
    return List.copyOf(nodes.subList(0, count));
  }

  /** No less than it takes in a frame. */
  static long bytes(Node node) {
    long texts = text(node.region()) + text(node.traits().architecture());
    texts += text(node.traits().operatingSystem()) + text(node.traits().sandbox());
    texts += text(node.terms().accept()) + text(node.terms().prefer());
    for (Map.Entry<String, String> label : node.traits().labels().entrySet()) {
      texts += text(label.getKey()) + text(label.getValue());
    }
    for (String accelerator : node.traits().accelerators()) {
      texts += text(accelerator);
    }
    return NODE_BYTES + (long) FIGURE_BYTES * node.latencies().figures().size() + texts;
  }

  /** A byte for a letter of ASCII, at most three for another, and the length. */
  private static long text(String text) {
    long bytes = 6;
    for (int i = 0; i < text.length(); i++) {
      bytes += text.charAt(i) < 0x80 ? 1 : 3;
    }
    return bytes;
  }
}
