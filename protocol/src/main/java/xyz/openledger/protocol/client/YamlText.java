package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.AnchorNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ProblemException;

/**
 * YAML read as the JSON it stands for: a plain scalar is a number, {@code true}, {@code false} or
 * {@code null} only where JSON would write it so, and text otherwise ({@code no} is Norway). No
 * aliases, no tags, no name twice.
 */
final class YamlText {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
  private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]{0,18})\\.[0-9]{1,18}");
  private static final int NESTING_MAX = 32;
  private static final int LETTERS_MAX = 1 << 20;

  private final JsonNodeFactory json = JsonNodeFactory.instance;

  private YamlText() {}

  /** The tree of one document. */
  static JsonNode tree(String text) {
    try {
      Node root = new Yaml(new SafeConstructor(options())).compose(new java.io.StringReader(text));
      if (root == null) {
        throw Check.refusal("", "nothing there; expected YAML");
      }
      return new YamlText().tree(root, "", 0);
    } catch (MarkedYAMLException malformed) {
      throw Check.refusal(
          "", "not YAML%s: %s".formatted(at(malformed.getProblemMark()), malformed.getProblem()));
    } catch (YAMLException malformed) {
      throw Check.refusal("", "not YAML: " + malformed.getMessage());
    }
  }

  private static LoaderOptions options() {
    var options = new LoaderOptions();
    options.setNestingDepthLimit(NESTING_MAX);
    options.setCodePointLimit(LETTERS_MAX);
    options.setMaxAliasesForCollections(0);
    return options;
  }

  /** Where a field stands, in words; empty if it does not, or if nothing stands there as YAML. */
  static Optional<String> place(String text, String path) {
    try {
      Node root = new Yaml(new SafeConstructor(options())).compose(new java.io.StringReader(text));
      return Optional.ofNullable(root == null ? null : find(root, "", path))
          .map(Node::getStartMark)
          .map(mark -> Places.words(mark.getLine() + 1, mark.getColumn() + 1));
    } catch (YAMLException malformed) {
      return Optional.empty();
    }
  }

  /** The name of the field at {@code path}, or the element. */
  private static @Nullable Node find(Node node, String at, String path) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          String field = at.isEmpty() ? key.getValue() : at + "." + key.getValue();
          Node found = field.equals(path) ? key : find(entry.getValueNode(), field, path);
          if (found != null) {
            return found;
          }
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      int index = 0;
      for (Node element : sequence.getValue()) {
        String field = at + "[" + index++ + "]";
        Node found = field.equals(path) ? element : find(element, field, path);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private JsonNode tree(Node node, String path, int depth) {
    if (depth > NESTING_MAX) {
      throw refusal(node, path, "is nested more than " + NESTING_MAX + " levels deep");
    }
    if (node.getAnchor() != null) {
      throw refusal(node, path, "has an anchor; write it out where it is used");
    }
    return switch (node) {
      case MappingNode mapping -> object(mapping, path, depth);
      case SequenceNode sequence -> {
        ArrayNode array = json.arrayNode();
        for (Node element : sequence.getValue()) {
          array.add(tree(element, path + "[" + array.size() + "]", depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      case AnchorNode _ -> throw refusal(node, path, "is an alias; write it out");
      default -> throw refusal(node, path, "is of a kind that JSON does not have");
    };
  }

  private ObjectNode object(MappingNode mapping, String path, int depth) {
    ObjectNode object = json.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
        throw refusal(entry.getKeyNode(), path, "a name must be plain text");
      }
      String field = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      if (object.has(key.getValue())) {
        throw refusal(key, field, "is there twice");
      }
      object.set(key.getValue(), tree(entry.getValueNode(), field, depth + 1));
    }
    return object;
  }

  private JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return json.textNode(text);
    }
    if (WHOLE.matcher(text).matches()) {
      return json.numberNode(new BigInteger(text));
    }
    if (FRACTION.matcher(text).matches()) {
      return json.numberNode(new BigDecimal(text));
    }
    return switch (text) {
      case "true" -> json.booleanNode(true);
      case "false" -> json.booleanNode(false);
      case "null", "~", "" -> json.nullNode();
      default -> json.textNode(text);
    };
  }

  private static ProblemException refusal(Node node, String path, String detail) {
    return Check.refusal(path, detail + at(node.getStartMark()));
  }

  private static String at(Mark mark) {
    return mark == null
        ? ""
        : " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
