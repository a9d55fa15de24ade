package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.client.PolicyFile;

/** The policies that a client may name: those of the gallery that need nothing filled in. */
public final class NamedPolicies {
  /** What applies if a client names none. */
  public static final String USUAL = "adaptive";

  /** What applies to a stream if a client names none: its words come before they are verified. */
  public static final String INTERACTIVE = "interactive";

  private static final String TRAINING =
      """
      {"limits": {"priceMax": "2 OPEN", "deadline": "PT10M"}, "verification": {"method": "trusted"}}
      """;

  private static final List<String> GALLERY =
      List.of(
          "adaptive",
          "cheapest",
          "eu-only",
          "greenest",
          "interactive",
          "lowest-latency",
          "most-reliable",
          "spot");

  private final Map<String, Policy> policies;

  private NamedPolicies(Map<String, Policy> policies) {
    this.policies = Map.copyOf(policies);
  }

  /** The gallery, as it came with this release. */
  public static NamedPolicies gallery() {
    var policies = new TreeMap<String, Policy>();
    for (String name : GALLERY) {
      try (InputStream file =
          NamedPolicies.class.getResourceAsStream("policies/" + name + ".yaml")) {
        if (file == null) {
          throw new IllegalStateException("the release has no policy " + name);
        }
        policies.put(name, PolicyFile.read(name + ".yaml", file.readAllBytes()));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return new NamedPolicies(policies);
  }

  /** What applies to a training if nobody says otherwise: one machine, and pieces drawn. */
  public static Policy training() {
    return PolicyFile.read("training.json", TRAINING.getBytes(StandardCharsets.UTF_8));
  }

  /** The names. */
  public List<String> names() {
    return policies.keySet().stream().sorted().toList();
  }

  /**
   * The policy of a request: that of the body, else of the header, else of the model's name.
   *
   * @param body a name, or a whole policy; absent if none was said
   * @param usual the name of what applies if none was said at all
   */
  public Policy choose(
      @Nullable JsonNode body, @Nullable String header, @Nullable String suffix, String usual) {
    if (body != null && body.isObject()) {
      try {
        return PolicyFile.read(body);
      } catch (ProblemException refused) {
        throw OpenAiRefusal.of("openledger.policy." + refused.field(), refused.detail());
      }
    }
    if (body != null) {
      return named("openledger.policy", body.asText());
    }
    if (header != null) {
      return named("X-OpenLedger-Policy", header);
    }
    return named("model", suffix == null ? usual : suffix);
  }

  private Policy named(String field, String name) {
    Policy policy = policies.get(name);
    if (policy == null) {
      throw OpenAiRefusal.of(
          field,
          "names no policy of this network: %s; there are %s"
              .formatted(
                  name.substring(0, Math.min(64, name.length())), String.join(", ", names())));
    }
    return policy;
  }
}
