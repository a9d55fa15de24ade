package xyz.openledger.actors.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.client.PolicyFile;

/**
 * Draws what jobs ask: a document of the gallery, to which many requesters add a line or two of
 * their own, read by the parser that members use. Price and deadline are for the job to say, since
 * they go by its size.
 */
final class PolicyMixture {
  private static final ReadyPolicy[] ALL = ReadyPolicy.values();

  private final Dice dice;
  private final String oneOwner;
  private final String otherOwner;
  private final Map<String, Policy> read = new HashMap<>();

  /**
   * A mixture.
   *
   * @param machines the first two are of owners who have private data
   */
  PolicyMixture(Dice dice, List<Machine> machines) {
    this.dice = dice;
    this.oneOwner = machines.get(0).node().owner().toString();
    this.otherOwner = machines.get(1).node().owner().toString();
  }

  /** A policy, and which of the gallery it was made from. */
  record Drawn(ReadyPolicy ready, Policy policy) {}

  /**
   * The next job's policy.
   *
   * @param region where it must run; null to draw that too
   */
  Drawn next(boolean gang, @Nullable String region) {
    int[] weights = new int[ALL.length];
    for (int i = 0; i < ALL.length; i++) {
      // What a trace pins to one region must not ask for another one beside.
      boolean fits = (!gang || ALL[i].isTrusted()) && (region == null || ALL[i].goesAnywhere());
      weights[i] = fits ? ALL[i].percent : 0;
    }
    ReadyPolicy ready = ALL[dice.weighted(weights)];
    String text = ready.text(oneOwner, otherOwner);
    boolean drawsRegion = ready.goesAnywhere() && dice.chance(0.5);
    String drawn = Fleet.REGIONS.get(dice.below(Fleet.REGIONS.size()));
    String where = region != null ? region : drawsRegion ? drawn : null;
    if (where != null) {
      text = limited(text, "regions: [" + where + "]");
    }
    if (dice.chance(0.15) && !text.contains("dataClass:")) {
      text = limited(text, "dataClass: internal");
    }
    text += added(text, ready);
    return new Drawn(ready, read.computeIfAbsent(text, PolicyMixture::read));
  }

  /** A condition beside those of the document: looked up, interpreted, by labels, or by place. */
  private String added(String text, ReadyPolicy ready) {
    boolean free = !text.contains("\nrequire:") && !text.contains("\nselector:");
    return switch (dice.weighted(68, 8, 8, 8, 8)) {
      case 1 -> free ? "\nrequire: node.architecture == \"amd64\" && node.cores >= 8\n" : "";
      case 2 -> free ? "\nrequire: node.operatingSystem.startsWith(\"Linux\")\n" : "";
      case 3 ->
          free ? "\nselector:\n  - { key: tier, operator: In, values: [gold, silver] }\n" : "";
      case 4 ->
          ready == ReadyPolicy.MOST_RELIABLE ? "\nspread: { by: region, required: true }\n" : "";
      default -> "";
    };
  }

  private static String limited(String text, String line) {
    return text.replace("\nlimits:\n", "\nlimits:\n  " + line + "\n");
  }

  private static Policy read(String text) {
    return PolicyFile.read("drawn.yaml", text.getBytes(StandardCharsets.UTF_8));
  }
}
