package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.Json;

/**
 * Policies as people write them, in YAML ({@code .yaml}, {@code .yml}) or JSON, with amounts in
 * units.
 */
public final class PolicyFile {
  private static final int FILE_BYTES_MAX = 1 << 20;

  private PolicyFile() {}

  /**
   * Reads a policy, or the policy of a job file.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} with the path of the
   *     field that is wrong, and where it stands
   */
  public static Policy read(Path file) {
    byte[] bytes = bytes(file);
    ObjectNode tree = object(file, bytes);
    boolean job = tree.has("workload");
    return Places.named(
        file.toString(), bytes, job ? "policy." : "", () -> read(job ? tree.path("policy") : tree));
  }

  /** The same for a file that is in memory already; its name says whether it is YAML. */
  public static Policy read(String name, byte[] bytes) {
    return Places.named(name, bytes, "", () -> read(tree(name, bytes)));
  }

  /** The same for a tree, which is changed by it. */
  public static Policy read(JsonNode policy) {
    return HumanForms.inPolicy(policy, "").named(() -> Json.read(policy, Policy.class));
  }

  /** Whether a file holds a job, with a policy in it. */
  public static boolean isJob(Path file) {
    return object(file).has("workload");
  }

  /** The tree of a YAML or JSON file. */
  static ObjectNode object(Path file) {
    return object(file, bytes(file));
  }

  private static ObjectNode object(Path file, byte[] bytes) {
    if (tree(file.toString(), bytes) instanceof ObjectNode object) {
      return object;
    }
    throw Check.refusal("", file + " does not hold a JSON object");
  }

  /** What a file says, of at most 1 MiB. */
  static byte[] bytes(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw Check.refusal("", "there is no file " + file);
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw Check.refusal("", file + " is longer than 1 MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static JsonNode tree(String name, byte[] bytes) {
    return isYaml(name)
        ? YamlText.tree(new String(bytes, StandardCharsets.UTF_8))
        : Json.tree(bytes);
  }

  /** Whether a file of that name is YAML. */
  static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }
}
