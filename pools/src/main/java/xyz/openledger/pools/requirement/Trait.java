package xyz.openledger.pools.requirement;

import java.util.List;
import java.util.function.Function;
import xyz.openledger.pools.Node;

/** What is one or several words of every node. */
public enum Trait {
  /** Declared; empty if it is not. */
  REGION("region", node -> List.of(node.region())),
  /** Who is paid for its work. */
  OWNER("owner", node -> List.of(node.owner().toString())),
  /** The node itself. */
  ID("id", node -> List.of(node.id().value())),
  /** Such as {@code amd64}. */
  ARCHITECTURE("architecture", node -> List.of(node.traits().architecture())),
  /** Such as {@code Linux 6.1}. */
  OPERATING_SYSTEM("operatingSystem", node -> List.of(node.traits().operatingSystem())),
  /** The isolation that its workers reach. */
  SANDBOX("sandbox", node -> List.of(node.traits().sandbox())),
  /** By model; none, one or several. */
  ACCELERATORS("accelerators", node -> node.traits().accelerators());

  private final String field;

  @SuppressWarnings("ImmutableEnumChecker") // each is a function of its argument alone
  private final Function<Node, List<String>> values;

  Trait(String field, Function<Node, List<String>> values) {
    this.field = field;
    this.values = values;
  }

  /** Its name in policies, as in {@code node.region}. */
  public String field() {
    return field;
  }

  /** What {@code node} has of it; exactly one word but for accelerators. */
  public List<String> of(Node node) {
    return values.apply(node);
  }
}
