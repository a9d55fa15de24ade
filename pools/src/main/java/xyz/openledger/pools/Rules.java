package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Licence;

/** The filters that are about the job, not its policy: what governance and the node itself say. */
final class Rules {
  private Rules() {}

  /** What governance asks of the nodes of a job, in words. */
  static String words(Governed governed) {
    var words = new ArrayList<String>();
    if (!governed.regionsForbidden().isEmpty()) {
      words.add("not in " + String.join(", ", governed.regionsForbidden()));
    }
    governed
        .isolated()
        .forEach(it -> words.add("label %s%s is true".formatted(ClassRule.TAKES_LABEL, it)));
    return String.join("; ", words);
  }

  /** Runs governed work only where governance lets it run. */
  record Obeyed() implements Filter {
    @Override
    public Clause clause() {
      return Clause.GOVERNANCE;
    }

    @Override
    public Verdict test(Request request, Node node) {
      Governed governed = request.work().governed();
      List<String> forbidden = governed.regionsForbidden();
      if (!forbidden.isEmpty() && forbidden.contains(node.region())) {
        return Filters.never("in region %s, which governance forbids%s", node.region(), "");
      }
      // What is not declared may be a forbidden one.
      if (!forbidden.isEmpty() && node.region().isEmpty()) {
        return Filters.never("declares no region, and governance forbids %s%s", forbidden, "");
      }
      Map<String, String> labels = node.traits().labels();
      for (String isolated : governed.isolated()) {
        if (!"true".equals(labels.get(ClassRule.TAKES_LABEL + isolated))) {
          return Filters.never("does not say %s%s", ClassRule.TAKES_LABEL, isolated);
        }
      }
      return Filters.FEASIBLE;
    }
  }

  /**
   * Runs a job only if all models and adapters that it uses are under licences that its policy
   * allows: the same for every node.
   */
  record Licensed() implements Filter {
    @Override
    public Clause clause() {
      return Clause.LICENCE;
    }

    @Override
    public String words(Request request) {
      return "under " + String.join(", ", lacking(request));
    }

    @Override
    public Verdict test(Request request, Node node) {
      List<String> lacking = lacking(request);
      List<String> allowed = request.policy().limits().licences();
      return lacking.isEmpty() || allowed == null
          ? Filters.FEASIBLE
          : Filters.never(
              "the job uses what is under %s, policy allows %s",
              String.join(", ", lacking), allowed);
    }

    /** Licences that the job meets and its policy does not allow. */
    static List<String> lacking(Request request) {
      List<String> allowed = request.policy().limits().licences();
      return allowed == null ? List.of() : Licence.lacking(request.work().licences(), allowed);
    }
  }

  /** Runs a task only where the node's own terms take it. */
  record Welcome() implements Filter {
    @Override
    public Clause clause() {
      return Clause.TERMS;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return node.terms().accepts(request)
          ? Filters.FEASIBLE
          : Filters.never("the node's own terms do not take it: %s%s", node.terms().accept(), "");
    }
  }
}
