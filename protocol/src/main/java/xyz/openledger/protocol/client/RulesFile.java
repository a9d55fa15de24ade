package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * Rules of governance as people write them, in YAML ({@code .yaml}, {@code .yml}) or JSON, with
 * amounts in units.
 */
public final class RulesFile {
  private RulesFile() {}

  /**
   * Reads rules, as they are stored.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} with the path of the
   *     field that is wrong
   */
  public static JsonNode read(Path file) {
    ObjectNode tree = PolicyFile.object(file);
    HumanForms.inRules(tree);
    return tree;
  }
}
