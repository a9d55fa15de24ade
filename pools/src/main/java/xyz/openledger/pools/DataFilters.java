package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Address;

/** Keeps data from nodes that may not be shown data of their class. */
final class DataFilters {
  private DataFilters() {}

  /** What is asked for good, as terms that the index understands. */
  static List<Term> terms(@Nullable DataRule data) {
    if (data == null) {
      return List.of();
    }
    var terms = new ArrayList<Term>();
    List<String> sandboxes = data.sandboxes();
    if (sandboxes != null) {
      terms.add(new Term.Among(Trait.SANDBOX, Set.copyOf(sandboxes), false));
    }
    if (data.asksRegion()) {
      terms.add(new Term.Among(Trait.REGION, Set.of(""), true));
    }
    List<String> regions = data.regions();
    if (regions != null) {
      terms.add(new Term.Among(Trait.REGION, Set.copyOf(regions), false));
    }
    if (data.asksUndertaking()) {
      terms.add(new Term.Label(DataRule.HOLDS_LABEL, data.dataClass().orMoreSensitive(), false));
    }
    List<Address> owners = data.owners();
    if (owners != null) {
      terms.add(
          new Term.Among(
              Trait.OWNER,
              owners.stream().map(Address::toString).collect(Collectors.toSet()),
              false));
    }
    return List.copyOf(terms);
  }

  /** The least reputation. */
  static int reputationMin(@Nullable DataRule data) {
    return data == null ? 0 : data.reputationMin();
  }

  /** What a chosen node is shown, and by what it may be; empty where anybody may see it. */
  static String shown(Request request, Node node) {
    DataRule data = request.work().governed().data();
    if (data == null || (data.words().isEmpty() && data.reputationMin() == 0)) {
      return "";
    }
    String holds = node.traits().labels().get(DataRule.HOLDS_LABEL);
    return "shown %s data: sandbox %s, region %s, reputation %d%s"
        .formatted(
            data.dataClass().word(),
            node.traits().sandbox().isEmpty() ? "unknown" : node.traits().sandbox(),
            node.region().isEmpty() ? "undeclared" : node.region(),
            node.reputation(),
            holds == null ? "" : ", holds up to " + holds);
  }

  /** Shows data only to nodes whose machine and word are good enough. */
  record Shown() implements Filter {
    @Override
    public Clause clause() {
      return Clause.DATA_CLASS;
    }

    @Override
    public String words(Request request) {
      DataRule data = request.work().governed().data();
      return data == null ? "" : data.words();
    }

    @Override
    public Verdict test(Request request, Node node) {
      DataRule data = request.work().governed().data();
      return data == null || mayBeShown(data, node)
          ? Filters.FEASIBLE
          : Filters.never("may not be shown them: %s%s", data.words(), "");
    }

    private static boolean mayBeShown(DataRule data, Node node) {
      List<String> sandboxes = data.sandboxes();
      List<String> regions = data.regions();
      List<Address> owners = data.owners();
      String holds = node.traits().labels().get(DataRule.HOLDS_LABEL);
      return (sandboxes == null || sandboxes.contains(node.traits().sandbox()))
          && (!data.asksRegion() || !node.region().isEmpty())
          && (regions == null || regions.contains(node.region()))
          && (!data.asksUndertaking()
              || (holds != null && data.dataClass().orMoreSensitive().contains(holds)))
          && (owners == null || owners.contains(node.owner()));
    }
  }

  /** Shows data only to nodes whose past is good enough. Not yet, since it changes by itself. */
  record Trusted() implements Filter {
    @Override
    public Clause clause() {
      return Clause.DATA_REPUTATION;
    }

    @Override
    public String words(Request request) {
      DataRule data = request.work().governed().data();
      return data == null ? "" : data.pastWords();
    }

    @Override
    public Verdict test(Request request, Node node) {
      DataRule data = request.work().governed().data();
      return data == null || node.reputation() >= data.reputationMin()
          ? Filters.FEASIBLE
          : Filters.notYet("reputation %s, %s", node.reputation(), data.pastWords());
    }
  }
}
